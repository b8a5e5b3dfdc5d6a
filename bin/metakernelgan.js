#!/usr/bin/env node
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DIST = join(ROOT, "dist");
const ENTRY = "cli.js";

/** Builds the program in a fresh checkout. A package has it ready. */
async function build() {
  if (!existsSync(join(ROOT, "src"))) throw new Error("its files are missing; install the package again");
  process.stderr.write("metakernelgan: Building…\n");
  const { build } = await import("vite");
  const outDir = join(DIST, `.build-${process.pid}`);
  try {
    await mkdir(outDir, { recursive: true });
    await build({
      root: ROOT,
      configFile: join(ROOT, "vite.config.ts"),
      logLevel: "silent",
      build: { outDir, emptyOutDir: true },
    });
    // The entry comes last: whoever sees it, such as another process that was started now, sees all it needs.
    const files = (await readdir(outDir)).filter((file) => file !== ENTRY);
    for (const file of [...files, ENTRY]) await rename(join(outDir, file), join(DIST, file));
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

try {
  if (!existsSync(join(DIST, ENTRY))) await build();
} catch (error) {
  const reason = String(error?.message ?? error).split("\n")[0];
  process.stderr.write(
    `metakernelgan: The program is not built and cannot be built here (${reason}); run npm ci, then npm run build.\n`,
  );
  process.exit(1);
}
const { main } = await import("../dist/cli.js");
process.exitCode = await main(process.argv);
