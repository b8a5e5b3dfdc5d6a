import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../support/root.js";

/** What a run of the bench did. */
export interface BenchRun {
  readonly code: number | null;
  readonly stdout: string;
  /** The bench's own lines on standard error. */
  readonly stderr: string;
}

/**
 * Builds and runs the bench as `npm run bench --` does, and waits for its end.
 * @param watch called with the standard error so far, a way to send a signal, and the number of the process.
 */
export function runBench(
  args: readonly string[],
  watch: (stderr: string, kill: (signal: NodeJS.Signals) => void, pid: number) => void = () => {},
): Promise<BenchRun> {
  const child = spawn(process.execPath, [join(ROOT, "bench/run.js"), ...args], { cwd: ROOT });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
    watch(stderr, (signal) => child.kill(signal), child.pid as number);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      const own = stderr.split("\n").filter((line) => line.startsWith("bench:"));
      resolve({ code, stdout, stderr: own.join("\n") });
    });
  });
}
