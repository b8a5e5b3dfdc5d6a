import { execFile } from "node:child_process";
import { cpSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type TypeScript from "typescript-5.4";
import { beforeAll, expect, it } from "vitest";
import { isLibraryCurrent } from "../../tools/build/library-note.js";
import { useInstalledProject } from "../support/installed.js";
import { ROOT } from "../support/root.js";

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const older: typeof TypeScript = require("typescript-5.4");
const project = useInstalledProject();

const PAGE = `import { createUpscaler, deviceRequest, type Precision, type SpectralReading, type UsrNetOptions } from "metakernelgan";
import { createWorkerUpscaler } from "metakernelgan/worker";
const image = document.querySelector("img") as HTMLImageElement;
const canvas = document.querySelector("canvas") as HTMLCanvasElement;
const adapter = (await navigator.gpu.requestAdapter()) as GPUAdapter;
const device = await adapter.requestDevice(deviceRequest(adapter));
// A device that were any would be taken for anything.
// @ts-expect-error
await createUpscaler({ device: adapter });
const upscaler = await createUpscaler({ device, onProgress: ({ phase, done, total }) => console.log(phase, done / total) });
const picture = await upscaler.toCanvas(image, canvas);
export const blob: Blob = await picture.toBlob();
using worker = await createWorkerUpscaler();
await worker.upscale(document.querySelector("video") as HTMLVideoElement);
export type { Precision, SpectralReading, UsrNetOptions };
`;

/** A worker of one's own: its library "webworker" and a page's "dom" exclude each other. */
const WORKER = `import { createUpscaler } from "metakernelgan";
const upscaler = await createUpscaler();
export const blob: Blob = await (await upscaler.upscale("photo.png")).toBlob();
`;

const NODE = `import { createUpscaler, writeImage } from "metakernelgan/node";
const upscaler = await createUpscaler();
await writeImage("large.png", await upscaler.upscale("photo.jpg"));
`;

beforeAll(async () => {
  const types = join(project.folder, "node_modules/metakernelgan/dist/types");
  if (isLibraryCurrent()) {
    cpSync(join(ROOT, "dist/types"), types, { recursive: true });
  } else {
    const project = join(ROOT, "tsconfig/build.json");
    await run(process.execPath, [tsc("typescript"), "-p", project, "--outDir", types]);
    await run(process.execPath, [join(ROOT, "tools/build/package-types.js"), types]);
  }
  project.write({
    "package.json": '{ "type": "module" }',
    "page.ts": PAGE,
    "worker.ts": WORKER,
    "node.ts": NODE,
  });
});

/** The compiler of an installed version of TypeScript. */
function tsc(name: string): string {
  const manifest = require.resolve(`${name}/package.json`);
  return join(dirname(manifest), require(manifest).bin.tsc);
}

/** What a version of TypeScript says of a project. */
const compilers: Readonly<Record<string, (file: string) => Promise<string> | string>> = {
  typescript: (file) =>
    run(process.execPath, [tsc("typescript"), "-p", file]).then(
      () => "",
      (error) => error.stdout,
    ),
  "typescript-5.4": compileHere,
};

/** The files that {@link compileHere} has read, by their paths and how they were read: most are the same for every place. */
const files = new Map<string, TypeScript.SourceFile | undefined>();

/** Compiles a project with TypeScript 5.4, whose program would begin anew with every file. */
function compileHere(file: string): string {
  const { config } = older.readConfigFile(file, older.sys.readFile);
  const { options, fileNames, errors } = older.parseJsonConfigFileContent(config, older.sys, dirname(file));
  const host = older.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (path, how, ...more) => {
    const key = `${JSON.stringify(how)} ${path}`;
    if (!files.has(key)) files.set(key, read(path, how, ...more));
    return files.get(key);
  };
  const program = older.createProgram(fileNames, options, host);
  return older.formatDiagnostics([...errors, ...older.getPreEmitDiagnostics(program)], host);
}

it.each(
  Object.keys(compilers).flatMap((version) =>
    ["bundler", "nodenext"].map((resolution) => [version, resolution] as const),
  ),
)(
  "the types are right for %s with %s, on a page, in a worker and in Node, without skipLibCheck",
  async (version, resolution) => {
    const configure = (file: string, lib: string[], types: string[]) =>
      JSON.stringify({
        compilerOptions: {
          noEmit: true,
          strict: true,
          skipLibCheck: false,
          // TypeScript's own libraries are not what is tested.
          skipDefaultLibCheck: true,
          target: "es2022",
          module: resolution === "bundler" ? "esnext" : "nodenext",
          moduleResolution: resolution,
          lib,
          types,
          typeRoots: [join(ROOT, "node_modules/@types")],
        },
        files: [file],
      });
    for (const [file, lib, types] of [
      ["page.ts", ["es2022", "dom", "dom.iterable"], []],
      ["worker.ts", ["es2022", "webworker"], []],
      ["node.ts", ["es2022"], ["node"]],
    ] as const) {
      project.write({ "tsconfig.json": configure(file, [...lib], [...types]) });
      expect(await compilers[version]?.(join(project.folder, "tsconfig.json"))).toBe("");
    }
  },
);
