import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

// Runs the scripts `check:…` of package.json side by side, and shows what each said when it ends: npm run check
const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const { scripts } = JSON.parse(readFileSync(at("package.json"), "utf8"));
const waiting = Object.keys(scripts).filter((name) => name.startsWith("check:"));

/** Runs a script to its end; npm has put the folder of the programs on the path. */
function run(name) {
  const child = spawn(scripts[name], { cwd: at("."), shell: true, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
  }
  return new Promise((resolve) => {
    child.on("close", (code) => {
      console.log(`${name}: ${code === 0 ? "fine" : `FAILED (${code})`}\n${said.trim()}`.trim());
      if (code !== 0) process.exitCode = 1;
      resolve();
    });
  });
}

const worker = async () => {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await run(name);
};
await Promise.all(Array.from({ length: availableParallelism() }, worker));
