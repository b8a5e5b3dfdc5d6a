import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PNG } from "pngjs";
import { beforeAll, expect, it } from "vitest";
import { decodeMat } from "../../src/kernel/formats/mat.js";
import { runNode } from "../support/cli.js";
import { useInstalledProject } from "../support/installed.js";
import { launchChrome } from "../support/launch-chrome.js";
import { degradedPicture } from "./pictures.js";
import { serve } from "./serve.js";

const folder = join(useInstalledProject().folder, "node_modules/metakernelgan");
const photo = join(folder, "photo.png");

beforeAll(() => {
  const { bytes } = degradedPicture(48, 40).file;
  writeFileSync(photo, bytes);
  writeFileSync(join(folder, "examples/web/photo.png"), bytes);
});

it("the example without a bundler works under its content security policy", async () => {
  const site = await serve({ "/": folder }, "examples/web/script-tag.html");
  const browser = await launchChrome();
  try {
    const page = await browser.newPage();
    let outcome: unknown;
    // On a busy machine Chrome finds no adapter now and then, just after it started.
    for (let attempt = 0; outcome !== "done" && attempt < 3; attempt++) {
      const failure = new Promise((resolve) => page.once("pageerror", resolve));
      await page.goto(site.address);
      const done = page.waitForFunction(() => document.title === "done", { timeout: 120_000 });
      outcome = await Promise.race([failure, done.then(() => "done")]);
      if (outcome !== "done") expect(String(outcome)).toContain("finds no adapter");
    }
    expect(outcome).toBe("done");
    expect(await page.$eval("canvas", ({ width, height }) => [width, height])).toEqual([96, 80]);
  } finally {
    await browser.close();
    await site.close();
  }
});

it("the example for a page has at most forty lines, and works on the page's own device", async () => {
  const html = await readFile(join(folder, "examples/web/own-device.html"), "utf8");
  expect(html.trim().split("\n").length).toBeLessThanOrEqual(40);
  const site = await serve({ "/": folder }, "examples/web/own-device.html");
  const browser = await launchChrome();
  try {
    const page = await browser.newPage();
    await page.goto(site.address, { waitUntil: "networkidle0" });
    const input = await page.$("input");
    // Only when its handler is there.
    await page.waitForFunction(() => document.querySelector("input")?.onchange);
    await (input as unknown as { uploadFile(path: string): Promise<void> }).uploadFile(photo);
    await page.waitForFunction(() => document.querySelector("p")?.textContent?.startsWith("Done"), {
      timeout: 120_000,
    });
    expect(await page.$eval("p", (status) => status.textContent)).toMatch(
      /^Done: noise of \d+\.\d \/ 255, and 96×80 pixels\.$/,
    );
    const colors = await page.$eval("canvas", (canvas) => {
      const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return new Set(pixels).size;
    });
    expect(colors).toBeGreaterThan(50);
  } finally {
    await browser.close();
    await site.close();
  }
});

it("the example for Node writes the picture and the kernel", async () => {
  const [picture, kernel] = [join(folder, "large.png"), join(folder, "kernel.mat")];
  const result = await runNode([join(folder, "examples/node.js"), photo, picture, kernel]);
  expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining("96×80 pixels") });
  expect(PNG.sync.read(await readFile(picture))).toMatchObject({ width: 96, height: 80 });
  expect((await decodeMat(await readFile(kernel))).size).toBe(11);
});

it.skipIf(!process.features.require_module)("the example for CommonJS writes the picture", async () => {
  const picture = join(folder, "required.png");
  const result = await runNode([join(folder, "examples/node-require.cjs"), photo, picture]);
  expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining("96×80 pixels") });
  expect(PNG.sync.read(await readFile(picture))).toMatchObject({ width: 96, height: 80 });
});
