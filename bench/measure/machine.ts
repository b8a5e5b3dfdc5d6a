import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import type { BenchResult } from "../report/result.js";

export function describeMachine(): BenchResult["machine"] {
  const processors = cpus();
  return {
    processor: processors[0]?.model ?? "unknown processor",
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    load: loadavg()[0] as number,
  };
}

/** The package's version, from the bench's folder. */
export function packageVersion(folder: string): string {
  return JSON.parse(readFileSync(join(folder, "../package.json"), "utf8")).version;
}

/** The commit of the checkout that holds a folder, with "+changes" if tracked files differ; "unknown" outside of git. */
export function commitOf(folder: string): string {
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", folder, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  try {
    const commit = git("rev-parse", "--short=12", "HEAD").trim();
    const changed = git("status", "--porcelain", "--untracked-files=no", "..").trim() !== "";
    return changed ? `${commit}+changes` : commit;
  } catch {
    return "unknown";
  }
}
