import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { MetaKernelGAN } from "../../src/estimate/metakernelgan/metakernelgan.js";
import { rgbImage } from "../../src/image/rgb-image.js";
import type * as Library from "../../src/index.js";
import { createEngine } from "../../src/node/device/create-engine.js";
import { launchChrome } from "../support/launch-chrome.js";

const WIDTH = 96;
const HEIGHT = 80;
const PIXELS = Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) => ((i * 7919) % 256) / 255);

// A classic script, and not page.evaluate, because Vitest rewrites every import() that it finds in a test.
const PAGE = `<!doctype html><title>metakernelgan</title><script>var metakernelgan = import("/index.js");</script>`;

declare global {
  /** The library, in the page. */
  var metakernelgan: Promise<typeof Library>;
}

describe("the built library in a browser", () => {
  let server: Server | undefined;
  let browser: Browser | undefined;
  let page: Page;

  beforeAll(async () => {
    server = await serve(join(inject("package"), "dist"));
    browser = await launchChrome();
    page = await browser.newPage();
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it("imports no module of Node and no package", () => {
    expect(importsOutside("index.js")).toEqual([]);
    // What the assertion above would find if there were any.
    expect(importsOutside("node.js")).toContain("node:path");
  });

  it("estimates the kernel that Node estimates, and reports its progress", async () => {
    const actual = await page.evaluate(
      async (width, height, pixels) => {
        const { Engine, MetaKernelGAN, rgbImage } = await metakernelgan;
        const engine = await Engine.create();
        const image = rgbImage(width, height, Float32Array.from(pixels));
        const progress: number[] = [];
        const { kernel } = await (await MetaKernelGAN.load(engine, "random")).estimate(image, {
          steps: 2,
          onProgress: ({ done }) => progress.push(done),
          signal: new AbortController().signal,
        });
        engine.dispose();
        return { values: [...kernel.values], progress };
      },
      WIDTH,
      HEIGHT,
      PIXELS,
    );
    const engine = await createEngine();
    const image = rgbImage(WIDTH, HEIGHT, Float32Array.from(PIXELS));
    const { kernel } = await (await MetaKernelGAN.load(engine, "random")).estimate(image, { steps: 2 });
    engine.dispose();
    expect(actual.progress.at(-1)).toBe(2);
    expect(actual.values).toHaveLength(kernel.values.length);
    const errors = actual.values.map((value, i) => Math.abs(value - (kernel.values[i] as number)));
    expect(Math.max(...errors)).toBeLessThan(1e-5);
  });

  it("stops when the signal is aborted", async () => {
    const stopped = await page.evaluate(
      async (width, height, pixels) => {
        const { Engine, MetaKernelGAN, rgbImage } = await metakernelgan;
        const engine = await Engine.create();
        const image = rgbImage(width, height, Float32Array.from(pixels));
        const abort = new AbortController();
        const steps: number[] = [];
        const estimate = (await MetaKernelGAN.load(engine, "random")).estimate(image, {
          steps: 1000,
          signal: abort.signal,
          onProgress: ({ done }) => {
            steps.push(done);
            if (done > 0) abort.abort(new Error("enough"));
          },
        });
        const reason = await estimate.then(
          () => "none",
          (error: Error) => error.message,
        );
        engine.dispose();
        return { reason, last: steps.at(-1) as number };
      },
      WIDTH,
      HEIGHT,
      PIXELS,
    );
    expect(stopped.reason).toBe("enough");
    expect(stopped.last).toBeLessThan(100);
  });
});

/** What a chunk, or any chunk that it leads to, imports from outside the build. */
function importsOutside(entry: string): string[] {
  const chunkImports = inject("chunkImports");
  const outside = new Set<string>();
  const reached = new Set([entry]);
  for (const name of reached) {
    const imports = chunkImports[name];
    if (!imports) outside.add(name);
    for (const imported of imports ?? []) reached.add(imported);
  }
  return [...outside];
}

/** Serves the files of a folder, and a page that loads the library. */
async function serve(folder: string): Promise<Server> {
  const server = createServer(async (request, response) => {
    const name = basename(request.url ?? "/");
    if (name === "") {
      response.setHeader("content-type", "text/html").end(PAGE);
      return;
    }
    try {
      const code = await readFile(join(folder, name));
      response.setHeader("content-type", "text/javascript").end(code);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, "localhost", listening));
  return server;
}
