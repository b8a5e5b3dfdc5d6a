import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const DIST = join(ROOT, "dist");
const NOTE = join(ROOT, "node_modules/.cache/metakernelgan/library.json");

/** All that the library is built from. */
const SOURCES = [
  "models",
  "package-lock.json",
  "package.json",
  "src",
  "tools/build",
  "tools/shaders",
  "tsconfig",
  "vite.config.ts",
];

/** What the library's last build was made from, and what it made, as hashes. */
interface LibraryNote {
  readonly sources: string;
  readonly built: string;
}

/** A hash of the sources as they are now. */
export function hashSources(): string {
  return hash(SOURCES.map((name) => join(ROOT, name)));
}

/** Notes that `dist` was built from the sources of a hash. */
export function noteLibrary(sources: string): void {
  mkdirSync(dirname(NOTE), { recursive: true });
  writeFileSync(NOTE, JSON.stringify({ sources, built: hash([DIST]) } satisfies LibraryNote));
}

/** Whether `dist` is what a build of the sources as they are now would make. */
export function isLibraryCurrent(): boolean {
  if (!existsSync(NOTE) || !existsSync(DIST)) return false;
  const { sources, built } = JSON.parse(readFileSync(NOTE, "utf8")) as LibraryNote;
  return sources === hashSources() && built === hash([DIST]);
}

/** A hash of the paths and contents of files, and of all files in folders. */
function hash(paths: readonly string[]): string {
  const result = createHash("sha256");
  for (const path of paths.flatMap(filesIn)) {
    const bytes = readFileSync(path);
    result.update(`${path.slice(ROOT.length)}\0${bytes.length}\0`).update(bytes);
  }
  return result.digest("hex");
}

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name)));
}
