import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import type { BenchResult } from "../report/result/result.js";

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

/** Milliseconds over which the machine is watched. */
const WATCH = 400;

/**
 * The share of the processors' time that is taken just now, while this process waits. The load average would still count the
 * run before this one.
 */
export async function busyShare(): Promise<number> {
  const times = () => {
    const all = cpus().map(({ times }) => times);
    const idle = all.reduce((sum, each) => sum + each.idle, 0);
    return {
      idle,
      whole: idle + all.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, 0),
    };
  };
  const before = times();
  await new Promise((resolve) => setTimeout(resolve, WATCH));
  const after = times();
  return 1 - (after.idle - before.idle) / Math.max(1, after.whole - before.whole);
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
