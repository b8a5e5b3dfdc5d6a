import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import { buildFolder } from "../build-folder.js";
import { BenchError } from "../report/errors.js";
import { openChrome } from "./chrome.js";
import type { Host } from "./host.js";

/** Another revision's checkout, in a temporary folder, with this bench in it. */
export interface Revision {
  /** Folder of its bench. */
  readonly folder: string;
  readonly commit: string;
  remove(): void;
}

/** Parts of the bench's folder that are made by tools. */
const MADE = ["node_modules", "dist", "results"];

/**
 * Checks a revision out, and puts this bench into it, so that the same code measures both.
 * @throws {BenchError} if git does not know the revision.
 */
export function checkOut(revision: string, bench: string): Revision {
  const root = resolve(bench, "..");
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", root, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const temporary = mkdtempSync(join(tmpdir(), "metakernelgan-bench-"));
  const checkout = join(temporary, "revision");
  let commit: string;
  try {
    commit = git("rev-parse", "--short=12", "--verify", "--end-of-options", `${revision}^{commit}`).trim();
    git("worktree", "add", "--detach", checkout, commit);
  } catch {
    rmSync(temporary, { recursive: true, force: true });
    throw new BenchError(`git has no revision ${revision} here: give a commit, a branch or a tag to --ab.`);
  }
  const folder = `${join(checkout, "bench")}/`;
  rmSync(folder, { recursive: true, force: true });
  cpSync(bench, folder, { recursive: true, filter: (path) => !MADE.includes(basename(path)) });
  symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
  const remove = (): void => {
    process.off("exit", remove);
    git("worktree", "remove", "--force", checkout);
    rmSync(temporary, { recursive: true, force: true });
  };
  process.on("exit", remove);
  return { folder, commit, remove };
}

/**
 * Opens a host on another revision: a module of its own in this process, or a browser of its own.
 * @throws {BenchError} if this bench uses what the revision lacks.
 */
export async function openRevision(
  { folder, commit }: Revision,
  { node, adapter }: { readonly node?: boolean; readonly adapter?: string },
): Promise<Host> {
  try {
    if (!node) return await openChrome(folder, [], adapter);
    await build({ configFile: join(folder, "vite.config.ts"), mode: "node" });
    const { openNode } = (await import(
      /* @vite-ignore */ pathToFileURL(join(buildFolder(folder, "node"), "node-host.js")).href
    )) as typeof import("./node.js");
    return await openNode(folder, [], { adapter });
  } catch (error) {
    const reason = String((error as Error).message).split("\n")[0];
    throw new BenchError(
      `This bench does not fit revision ${commit} (${reason}): give one with the same interfaces.`,
    );
  }
}
