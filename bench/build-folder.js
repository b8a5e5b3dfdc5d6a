import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

// Plain JavaScript, since run.js needs it before anything is built; build-folder.d.ts has its types and descriptions.

export function buildFolder(bench, mode) {
  return join(bench, "dist", String(process.pid), mode);
}

export function clearBuilds(bench) {
  const remove = (name) => rmSync(join(bench, "dist", name), { recursive: true, force: true });
  process.on("exit", () => remove(String(process.pid)));
  let names = [];
  try {
    names = readdirSync(join(bench, "dist"));
  } catch {
    // Nothing was built yet.
  }
  for (const name of names) if (!runs(Number(name))) remove(name);
}

function runs(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of someone else's runs, too.
    return error.code === "EPERM";
  }
}
