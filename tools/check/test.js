import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { runScript, show } from "./run-script.js";

// Runs all checks, and the tests: npm test runs those that take seconds, npm run test:all those that take minutes, too, those that
// measure time, and those in Deno.
// The checks and the tests in Deno run beside Vitest: its tests wait for files, programs and compilers, and leave a part of the cores
// idle. They end long before the tests that measure time, which are Vitest's last.
const all = process.argv[2] === "all";

/** Runs scripts one after the other; gives a function that shows what they said. */
async function runAll(names) {
  const ends = [];
  for (const name of names) ends.push([name, await runScript(name)]);
  return () => {
    for (const [name, end] of ends) show(name, end);
  };
}

const beside = runAll(all ? ["check", "test:deno"] : ["check"]);
const vitest = spawn(
  all ? "vitest run" : "vitest run --project unit --project node --project built --project chrome",
  {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    shell: true,
    stdio: "inherit",
  },
);
const code = await new Promise((resolve) => vitest.on("close", resolve));
// At the end, where they are seen.
(await beside)();
console.log(`vitest: ${code === 0 ? "fine" : "FAILED; see above"}`);
if (code !== 0) process.exitCode = 1;
if (!all)
  console.log("npm run test:all also runs the tests that take minutes or measure time, and those in Deno.");
