import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import { buildFolder, clearBuilds } from "../../bench/build-folder.js";
import { ROOT } from "../support/root.js";

/** What a run of the bench did. */
export interface BenchRun {
  readonly code: number | null;
  readonly stdout: string;
  /** The bench's own lines on standard error. */
  readonly stderr: string;
}

/** Called with the standard error so far, a way to send a signal, and the number of the process. */
type Watch = (stderr: string, kill: (signal: NodeJS.Signals) => void, pid: number) => void;

/**
 * Builds and runs the bench as `npm run bench --` does, and waits for its end.
 * @param output an open file for its standard output, which is else collected.
 */
export function runBench(args: readonly string[], watch?: Watch, output?: number): Promise<BenchRun> {
  return run([join(ROOT, "bench/run.js"), ...args], watch, output);
}

/** Builds the bench; gives what runs it in a process of its own, and waits for its end. */
export async function buildBench(): Promise<typeof runBench> {
  const folder = join(ROOT, "bench/");
  clearBuilds(folder);
  await build({ configFile: join(ROOT, "bench/vite.config.ts"), mode: "node" });
  const code = `
    const { main } = await import("${pathToFileURL(join(buildFolder(folder, "node"), "main.js")).href}");
    process.exitCode = await main(process.argv.slice(1), ${JSON.stringify(folder)});`;
  return (args, watch, output) => run(["--input-type=module", "--eval", code, "--", ...args], watch, output);
}

function run(args: readonly string[], watch: Watch = () => {}, output?: number): Promise<BenchRun> {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", output ?? "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
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
