import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { runScript, show } from "./run-script.js";

// Runs all checks and all tests: npm test
// The checks and the tests in Deno run beside Vitest: its tests wait for files, programs and compilers, and leave a part of the cores
// idle. They end long before the tests that measure time, which are Vitest's last.

/** Runs scripts one after the other; gives a function that shows what they said. */
async function runAll(names) {
  const ends = [];
  for (const name of names) ends.push([name, await runScript(name)]);
  return () => {
    for (const [name, end] of ends) show(name, end);
  };
}

const beside = runAll(["check", "test:deno"]);
const vitest = spawn("vitest run", {
  cwd: fileURLToPath(new URL("../..", import.meta.url)),
  shell: true,
  stdio: "inherit",
});
const code = await new Promise((resolve) => vitest.on("close", resolve));
// At the end, where they are seen.
(await beside)();
console.log(`vitest: ${code === 0 ? "fine" : "FAILED; see above"}`);
if (code !== 0) process.exitCode = 1;
