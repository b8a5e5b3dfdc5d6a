import { spawnSync } from "node:child_process";

/** Runs a reference script, which prints JSON; `cannot` says why where it does not run. */
export function runPyTorch(script) {
  const path = new URL(`../tools/reference/${script}`, import.meta.url).pathname;
  const python = process.env.PYTHON ?? "/usr/bin/python3";
  const { status, stdout, stderr, error } = spawnSync(python, [path], { encoding: "utf8" });
  if (status !== 0) return { cannot: error?.message ?? stderr.trim().split("\n").at(-1) };
  return JSON.parse(stdout);
}
