import { execSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

// Builds the library into dist, and notes what it was built from, so that tests need not build it again: npm run build:library
const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const { module: note } = await runnerImport(at("tools/build/library-note.ts"));

// Beforehand: what changes meanwhile may be in it, or not.
const sources = note.hashSources();
for (const command of [
  "vite build",
  "node tools/build/build-single.js",
  "tsc -p tsconfig/build.json",
  "node tools/build/package-types.js",
]) {
  // npm has put the folder of the programs on the path.
  execSync(command, { cwd: at("."), stdio: "inherit" });
}
note.noteLibrary(sources);
