import { execFile } from "node:child_process";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type Rolldown } from "vite";
import { ROOT } from "./root.js";

/** File names of the chunks that a chunk imports, at once or later, by its own file name; and of what lies outside. */
export type ChunkImports = Readonly<Record<string, readonly string[]>>;

const run = promisify(execFile);

/** Builds the package into a folder: what `npm publish` would ship, but for types and documents. */
export async function buildPackage(folder: string): Promise<ChunkImports> {
  await mkdir(folder, { recursive: true });
  for (const part of ["bin", "examples", "models", "package.json"]) {
    await cp(join(ROOT, part), join(folder, part), { recursive: true });
  }
  const outputs = (await build({
    root: ROOT,
    configFile: join(ROOT, "vite.config.ts"),
    logLevel: "warn",
    build: { outDir: join(folder, "dist"), emptyOutDir: true },
  })) as Rolldown.RolldownOutput[];
  await run(process.execPath, [join(ROOT, "tools/build/build-single.js"), join(folder, "dist")]);
  const chunks = outputs.flatMap(({ output }) => output.filter((file) => file.type === "chunk"));
  return Object.fromEntries(
    chunks.map(({ fileName, imports, dynamicImports }) => [fileName, [...imports, ...dynamicImports]]),
  );
}

/** Builds the page into a folder. */
export async function buildPage(folder: string): Promise<void> {
  await build({
    configFile: join(ROOT, "vite.web.config.ts"),
    logLevel: "warn",
    build: { outDir: folder, emptyOutDir: true },
  });
}

/** Packs the built package as `npm publish` would; gives the tarball's path. */
export async function pack(built: string, destination: string): Promise<string> {
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", destination];
  const { stdout } = await run("npm", args, { cwd: built });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  return join(destination, filename);
}
