import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// Checks both packages as they would be published, with publint and attw: node tools/check/package.js
const root = fileURLToPath(new URL("../..", import.meta.url));
if (!existsSync(join(root, "dist/types/index.d.ts"))) {
  console.error("The package is not built: run npm run build:library first.");
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), "metakernelgan-check-"));
const run = (command, args, options) =>
  execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], ...options });
/** The package for pages, with all that npm installs along: its types of WebGPU. */
const MAX_INSTALLED = 8e6;

function checkSize(bytes) {
  if (bytes <= MAX_INSTALLED) return;
  throw new Error(`The package for pages takes ${bytes} bytes installed; ${MAX_INSTALLED} are allowed.`);
}

function sizeOf(path) {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
}

const bin = (name) => join(root, "node_modules/.bin", name);
try {
  const web = join(folder, "web");
  run(process.execPath, [join(root, "tools/build/web-package.js"), web]);
  for (const cwd of [root, web]) {
    const packed = run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], { cwd });
    const [{ filename, unpackedSize }] = JSON.parse(packed);
    const file = join(folder, filename);
    if (cwd === web) checkSize(unpackedSize + sizeOf(join(root, "node_modules/@webgpu/types")));
    run(bin("publint"), [file, "--strict"]);
    // As .attw.json says: CommonJS gets the same file, since Node 20.19 and newer can require it; and a page starts the worker's
    // file and imports nothing from it, so it has no types.
    run(bin("attw"), [file, "--no-emoji"], { cwd: root });
  }
} catch (error) {
  console.error(error.stdout ?? error.message, error.stderr ?? "");
  process.exit(1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
