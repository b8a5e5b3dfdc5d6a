import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, parseSync } from "vite";
import { isLibraryCurrent } from "../../tools/build/library-note.js";
import { ROOT } from "./root.js";

/** File names of the chunks that a chunk imports, at once or later, by its own file name; and of what lies outside. */
export type ChunkImports = Readonly<Record<string, readonly string[]>>;

const run = promisify(execFile);

/**
 * Builds the package into a folder: what `npm publish` would ship, but for types and documents. If `dist` was built from the same
 * sources, as by `npm ci` before, it is copied: a build takes 20 s of processor time.
 */
export async function buildPackage(folder: string): Promise<ChunkImports> {
  await mkdir(folder, { recursive: true });
  for (const part of ["bin", "examples", "models", "package.json"]) {
    await cp(join(ROOT, part), join(folder, part), { recursive: true });
  }
  const dist = join(folder, "dist");
  if (isLibraryCurrent()) {
    const types = join(ROOT, "dist/types");
    await cp(join(ROOT, "dist"), dist, { recursive: true, filter: (path) => path !== types });
  } else {
    await build({
      root: ROOT,
      configFile: join(ROOT, "vite.config.ts"),
      logLevel: "warn",
      build: { outDir: dist, emptyOutDir: true },
    });
    await run(process.execPath, [join(ROOT, "tools/build/build-single.js"), dist]);
  }
  return importsOf(dist);
}

/** What the chunks in a folder import; the files for pages without a bundler have everything inside. */
async function importsOf(dist: string): Promise<ChunkImports> {
  const names = (await readdir(dist)).filter((name) => /(?<!\.min)\.js$/.test(name));
  const all = names.map(async (name) => {
    const code = await readFile(join(dist, name), "utf8");
    const { staticImports, staticExports, dynamicImports } = parseSync(name, code).module;
    const requests = [
      ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
      ...staticExports.flatMap(({ entries }) => entries.map(({ moduleRequest }) => moduleRequest?.value)),
      ...dynamicImports.map(({ moduleRequest: { start, end } }) => literal(code.slice(start, end))),
    ];
    const imported = requests.filter((request) => request !== undefined);
    return [name, [...new Set(imported.map((request) => request.replace(/^\.\//, "")))]] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}

/** The text of a string in a program; undefined if it is another expression. */
function literal(code: string): string | undefined {
  return /^(["'])(.*)\1$/.exec(code)?.[2];
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
