import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

// Makes the package for browsers out of this one: no Node, no command line, nothing native. After `npm run build:library`:
// node tools/build/web-package.js [FOLDER], dist-package unless given.
const root = fileURLToPath(new URL("../..", import.meta.url));
const target = process.argv[2] ?? join(root, "dist-package");
const source = process.argv[3] ?? root;

const ENTRIES = [
  "index.js",
  "engine.js",
  "worker.js",
  "worker-thread.js",
  "metakernelgan.min.js",
  "worker-thread.min.js",
];
const MODELS = /^(small|spectral)-x\d\.safetensors$|^(usrnet|metakernelgan)\.safetensors$|^README\.md$/;

/** Adds a file of `dist` and all that it imports; declarations import others by the names of their scripts. */
function addWithImports(name, found) {
  if (found.has(name)) return;
  found.add(name);
  const code = readFileSync(join(source, "dist", name), "utf8");
  const isTypes = name.endsWith(".d.ts");
  for (const [, imported] of code.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+\.js)"/g)) {
    const path = join(dirname(name), imported);
    addWithImports(isTypes ? path.replace(/\.js$/, ".d.ts") : path, found);
  }
}

/** The declarations that a part of the manifest's exports names. */
function exportedTypes(value) {
  if (typeof value === "string") return value.endsWith(".d.ts") ? [value] : [];
  return Object.values(value).flatMap(exportedTypes);
}

const {
  scripts: _,
  bin: __,
  dependencies,
  devDependencies: ___,
  optionalDependencies: ____,
  ...manifest
} = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const { "./node": _____, ...exports } = manifest.exports;

rmSync(target, { recursive: true, force: true });
mkdirSync(join(target, "dist"), { recursive: true });
const files = new Set();
for (const entry of [...ENTRIES, ...exportedTypes(exports).map((path) => relative("dist", path))])
  addWithImports(entry, files);
for (const name of files) cpSync(join(source, "dist", name), join(target, "dist", name));
for (const name of readdirSync(join(source, "models")).filter((name) => MODELS.test(name))) {
  mkdirSync(join(target, "models"), { recursive: true });
  cpSync(join(source, "models", name), join(target, "models", name));
}
for (const name of ["LICENSE", "examples/web", "examples/deno.ts"]) {
  mkdirSync(dirname(join(target, name)), { recursive: true });
  cpSync(join(root, name), join(target, name), { recursive: true });
}
// Its README is the guide to embedding.
const guide = readFileSync(join(root, "docs/embedding.md"), "utf8")
  .replaceAll("../examples/", "examples/")
  .replace(
    "Examples below import `metakernelgan`.",
    "Import `metakernelgan-web` where examples below import `metakernelgan`.",
  );
writeFileSync(join(target, "README.md"), guide);

const web = {
  ...manifest,
  name: "metakernelgan-web",
  description: `${manifest.description} For browsers: without Node's native parts.`,
  exports,
  files: ["dist", "models", "examples"],
  dependencies: { "@webgpu/types": dependencies["@webgpu/types"] },
};
delete web.engines;
writeFileSync(join(target, "package.json"), `${JSON.stringify(web, null, 2)}\n`);
