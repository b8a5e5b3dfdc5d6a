import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// Checks both packages as they would be published, with publint and attw: node tools/check-package.js
const root = fileURLToPath(new URL("..", import.meta.url));
if (!existsSync(join(root, "dist/types/index.d.ts"))) {
  console.error("The package is not built: run npm run build:library first.");
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), "metakernelgan-check-"));
const run = (command, args, options) =>
  execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], ...options });
const bin = (name) => join(root, "node_modules/.bin", name);
try {
  const web = join(folder, "web");
  run(process.execPath, [join(root, "tools/web-package.js"), web]);
  for (const cwd of [root, web]) {
    const packed = run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], { cwd });
    const file = join(folder, JSON.parse(packed)[0].filename);
    run(bin("publint"), [file, "--strict"]);
    // CommonJS gets the same file: Node 20.19 and newer can require it.
    run(bin("attw"), [file, "--profile", "esm-only", "--no-emoji"]);
  }
} catch (error) {
  console.error(error.stdout + error.stderr);
  process.exit(1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
