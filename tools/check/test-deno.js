import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

// Runs the GPU tests of a browser in Deno, if there is an adapter for it: node tools/check/test-deno.js [VITEST'S ARGUMENTS]
const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const deno = (args, stdio) =>
  spawnSync(process.execPath, [at("node_modules/deno/bin.cjs"), ...args], {
    stdio,
    encoding: "utf8",
    cwd: at("."),
  });

const probe = deno(
  ["eval", "console.log((await navigator.gpu?.requestAdapter())?.info.description ?? '')"],
  "pipe",
);
const adapter = probe.stdout?.trim();
if (!adapter) {
  const reason =
    probe.status === 0 ? "WebGPU finds no adapter" : (probe.stderr || String(probe.error)).trim();
  console.warn(`
SKIPPED: the GPU tests in Deno (${reason}).
They need a Vulkan driver of the system, such as Mesa's: apt-get install mesa-vulkan-drivers libvulkan1
`);
  process.exit(0);
}
console.log(`GPU tests in Deno, on ${adapter}`);
const vitest = [
  "node_modules/vitest/vitest.mjs",
  "run",
  "--config",
  "test/vitest.deno.config.ts",
  ...process.argv.slice(2),
];
process.exit(deno(["run", "-A", "--node-modules-dir=manual", ...vitest], "inherit").status ?? 1);
