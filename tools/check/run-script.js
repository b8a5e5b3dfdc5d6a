import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The scripts of package.json, by their names. */
export const { scripts } = JSON.parse(readFileSync(at("package.json"), "utf8"));

/**
 * Runs a script of package.json to its end; npm has put the folder of the programs on the path.
 * @returns its exit code, and what it said.
 */
export function runScript(name) {
  const child = spawn(scripts[name], { cwd: at("."), shell: true, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
  }
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, said: said.trim() }));
  });
}

/** Shows how a script ended and what it said; one that failed fails the whole. */
export function show(name, { code, said }) {
  console.log(`${name}: ${code === 0 ? "fine" : `FAILED (${code})`}\n${said}`.trim());
  if (code !== 0) process.exitCode = 1;
}
