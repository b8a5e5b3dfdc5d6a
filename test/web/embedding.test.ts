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
import { degradedPicture } from "./pictures.js";
import { serve } from "./serve.js";

const WIDTH = 48;
const HEIGHT = 40;

/** The three lines of README.md, on a page. */
const LINES = `import { createUpscaler } from "metakernelgan";
const upscaler = await createUpscaler();
await upscaler.toCanvas("photo.png", document.querySelector("canvas"));
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
    await tab.waitForFunction(() => document.title !== "metakernelgan", { timeout: 60_000 });
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
async function expectBundle(folders: Readonly<Record<string, string>>): Promise<void> {
  const site = await serve({ ...folders });
  try {
    await expectPicture(site.address);
  } finally {
    await site.close();
  }
}

it("three lines give the command line's picture in a fresh Vite app, as it is built", async () => {
  const outDir = join(project.folder, "vite");
  await build({ root: project.folder, configFile: false, logLevel: "warn", base: "./", build: { outDir } });
  await expectBundle({ "/": outDir });
});

it("they give it while the app is developed with Vite", async () => {
  const server = await createServer({ root: project.folder, configFile: false, logLevel: "warn" });
  try {
    await server.listen();
    await expectPicture(server.resolvedUrls?.local[0] as string);
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
        entry: "./main.js",
        experiments: { topLevelAwait: true },
        output: { path, filename: "main.js" },
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
    "webpack/photo.png": await readFile(join(project.folder, "public/photo.png")),
  });
  await expectBundle({ "/": path });
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
