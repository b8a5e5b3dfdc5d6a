import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import esbuild from "esbuild";
import { PNG } from "pngjs";
import type { Browser } from "puppeteer-core";
import { rollup } from "rollup";
import { build, createServer } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import webpack from "webpack";
import { useCli } from "../support/cli.js";
import { useInstalledProject } from "../support/installed.js";
import { launchChrome } from "../support/launch-chrome.js";
import { ROOT } from "../support/root.js";
import { degradedPicture } from "./pictures.js";
import { serve } from "./serve.js";

const WIDTH = 48;
const HEIGHT = 40;

/** The three lines of README.md. */
const LINES = /```js\n(import \{ createUpscaler \} from "metakernelgan";\n.*\n.*\n)```/.exec(
  readFileSync(join(ROOT, "README.md"), "utf8"),
)?.[1] as string;

/** The same in a worker; the other calls are aborted, fail, or wait for their turn. */
const WORKER_LINES = `import { createWorkerUpscaler } from "metakernelgan/worker";
import { ImageError } from "metakernelgan";
const upscaler = await createWorkerUpscaler();
const expect = (truth, what) => { if (!truth) throw new Error(what); };
const controller = new AbortController();
const aborted = upscaler.upscale("photo.png", { signal: controller.signal, onProgress: () => controller.abort("enough") });
const phases = [];
const last = upscaler.toCanvas("photo.png", document.querySelector("canvas"), { onProgress: ({ phase }) => phases.push(phase) });
expect((await aborted.catch((reason) => reason)) === "enough", "The abort came to nothing.");
await last;
expect(phases.includes("picture"), "There was no progress.");
const error = await upscaler.upscale(new Blob(["no picture"])).catch((reason) => reason);
expect(error instanceof ImageError && error.message.includes("PNG"), String(error));
const { noise } = await upscaler.estimateKernel(document.querySelector("canvas"));
expect(Number.isFinite(noise), "The noise is not a number.");
upscaler.dispose();
expect((await upscaler.upscale("photo.png").catch((reason) => reason)).name === "EngineError", "It was not disposed.");
document.title = "done";
`;

/** A script that is no module, which does not know its own address. */
const PLAIN_LINES = `import { createUpscaler } from "metakernelgan";
(async () => {
  const error = await createUpscaler().catch((reason) => reason);
  if (error.name !== "WeightsError" || !error.message.includes("\`weights\`")) throw error;
  const upscaler = await createUpscaler({ weights: "models" });
  await upscaler.toCanvas("photo.png", document.querySelector("canvas"));
  document.title = "done";
})();
`;

const page = (script: string) =>
  `<!doctype html><title>metakernelgan</title><link rel="icon" href="data:," /><canvas></canvas>
<script>addEventListener("unhandledrejection", ({ reason }) => (document.title = String(reason)));</script>
<script type="module" src="${script}"></script>`;

const project = useInstalledProject();
const cli = useCli();
let browser: Browser;
let expected: PNG;

beforeAll(async () => {
  project.write({
    "package.json": '{ "type": "module" }',
    "index.html": page("./main.js"),
    "main.js": `${LINES}document.title = "done";\n`,
    "plain.js": PLAIN_LINES,
    "worker.html": page("./worker.js"),
    "worker.js": WORKER_LINES,
    "public/photo.png": degradedPicture(WIDTH, HEIGHT).file.bytes,
  });
  const [photo, large] = [join(project.folder, "public/photo.png"), cli.file("large.png")];
  expect(await cli.run(["upscale", photo, "--out", large])).toMatchObject({ code: 0 });
  expected = PNG.sync.read(await readFile(large));
  browser = await launchChrome();
});

afterAll(() => browser?.close());

/** Opens a page, and compares the picture that it makes with the command line's. */
async function expectPicture(address: string): Promise<void> {
  const tab = await browser.newPage();
  try {
    await tab.goto(address);
    await tab.waitForFunction(() => document.title !== "metakernelgan", { timeout: 120_000 });
    expect(await tab.title()).toBe("done");
    const { width, height, pixels } = await tab.$eval("canvas", (canvas) => ({
      width: canvas.width,
      height: canvas.height,
      pixels: [...(canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [])],
    }));
    expect([width, height]).toEqual([2 * WIDTH, 2 * HEIGHT]);
    const differences = pixels.map((value, i) => Math.abs(value - (expected.data[i] as number)));
    expect(Math.max(...differences)).toBeLessThanOrEqual(1);
  } finally {
    await tab.close();
  }
}

/** Serves what a bundler made, with the photo. */
async function expectBundle(
  folders: Readonly<Record<string, string>>,
  pages: readonly string[] = [""],
): Promise<void> {
  const site = await serve({ ...folders });
  try {
    for (const name of pages) await expectPicture(site.address + name);
  } finally {
    await site.close();
  }
}

it("three lines give the command line's picture in a fresh Vite app, as it is built", async () => {
  const outDir = join(project.folder, "vite");
  const input = ["index.html", "worker.html"].map((name) => join(project.folder, name));
  await build({
    root: project.folder,
    configFile: false,
    logLevel: "warn",
    base: "./",
    build: { outDir, rolldownOptions: { input } },
  });
  await expectBundle({ "/": outDir }, ["", "worker.html"]);
});

it("they give it while the app is developed with Vite", async () => {
  const server = await createServer({ root: project.folder, configFile: false, logLevel: "warn" });
  try {
    await server.listen();
    const address = server.resolvedUrls?.local[0] as string;
    await expectPicture(address);
    await expectPicture(`${address}worker.html`);
  } finally {
    await server.close();
  }
});

it("they give it with webpack", async () => {
  const path = join(project.folder, "webpack");
  const stats = await new Promise<webpack.Stats>((resolve, reject) => {
    webpack(
      {
        mode: "production",
        context: project.folder,
        entry: { main: "./main.js", worker: "./worker.js" },
        experiments: { topLevelAwait: true },
        output: { path, filename: "[name].js" },
        performance: false,
      },
      (error, result) => (error || !result ? reject(error) : resolve(result)),
    );
  });
  expect(stats.toJson({ all: false, errors: true, warnings: true })).toMatchObject({
    errors: [],
    warnings: [],
  });
  project.write({
    "webpack/index.html": page("./main.js"),
    "webpack/worker.html": page("./worker.js"),
    "webpack/photo.png": await readFile(join(project.folder, "public/photo.png")),
  });
  await expectBundle({ "/": path }, ["", "worker.html"]);
});

it.each([
  [
    "Rollup",
    async (file: string) => {
      const bundle = await rollup({ input: join(project.folder, "main.js"), plugins: [nodeResolve()] });
      await bundle.write({ file, format: "es" });
    },
  ],
  [
    "esbuild",
    async (outfile: string) => {
      const entryPoints = [join(project.folder, "main.js")];
      await esbuild.build({
        entryPoints,
        outfile,
        bundle: true,
        format: "esm",
        minify: true,
        logLevel: "error",
      });
    },
  ],
])("they give it with %s, beside a copy of the models", async (name, bundle) => {
  const folder = name.toLowerCase();
  await bundle(join(project.folder, folder, "js/main.js"));
  project.write({
    [`${folder}/index.html`]: page("./js/main.js"),
    [`${folder}/photo.png`]: await readFile(join(project.folder, "public/photo.png")),
  });
  await expectBundle({
    "/models/": join(project.folder, "node_modules/metakernelgan/models"),
    "/": join(project.folder, folder),
  });
});

it("a script of esbuild's that is no module asks for the address of the weights, and gives it with that", async () => {
  const outfile = join(project.folder, "plain/main.js");
  const entryPoints = [join(project.folder, "plain.js")];
  await esbuild.build({ entryPoints, outfile, bundle: true, format: "iife", logLevel: "error" });
  project.write({
    "plain/index.html": page("./main.js"),
    "plain/photo.png": await readFile(join(project.folder, "public/photo.png")),
  });
  await expectBundle({
    "/models/": join(project.folder, "node_modules/metakernelgan/models"),
    "/": join(project.folder, "plain"),
  });
});
