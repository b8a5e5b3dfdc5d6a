import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

// Makes the types in a folder, dist/types unless given, fit for every TypeScript from 5.4 on, also with skipLibCheck off:
// node tools/build/package-types.js [FOLDER]
const folder = process.argv[2] ?? fileURLToPath(new URL("../../dist/types", import.meta.url));

/** What the package's `exports` name. */
const ENTRIES = ["index", "engine/index", "worker", "single", "node"];

// Whatever the project's own `lib` is, these types are there. From version 6 on, TypeScript's own "dom" has WebGPU.
const HEADER = '/// <reference lib="dom" />\n/// <reference lib="esnext.disposable" />\n';
const WEBGPU = '/// <reference types="@webgpu/types" />\n';

for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
  if (!name.endsWith(".d.ts") || name.startsWith("typescript-5")) continue;
  const path = join(folder, name);
  // An alias of Symbol.dispose, which browsers may lack, is no name of a member for older versions.
  const text = readFileSync(path, "utf8")
    .replace(/^import \{ DISPOSE \} from .*\n/gm, "")
    .replace(/^import \{ DISPOSE, /gm, "import { ")
    .replaceAll("[DISPOSE]", "[Symbol.dispose]");
  writeFileSync(path, text);
}

for (const entry of ENTRIES) {
  const path = join(folder, `${entry}.d.ts`);
  const text = readFileSync(path, "utf8");
  if (!text.startsWith(HEADER)) writeFileSync(path, HEADER + text);
  const older = join(folder, "typescript-5", `${entry}.d.ts`);
  mkdirSync(dirname(older), { recursive: true });
  const target = relative(dirname(older), join(folder, `${entry}.js`)).replaceAll("\\", "/");
  writeFileSync(older, `${WEBGPU}export * from "${target}";\n`);
}
