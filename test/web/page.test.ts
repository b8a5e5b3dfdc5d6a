import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type axe from "axe-core";
import { PNG } from "pngjs";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/device/engine.js";
import { MetaKernelGAN } from "../../src/estimate/metakernelgan/metakernelgan.js";
import { SpectralEstimator } from "../../src/estimate/spectral/spectral-estimator.js";
import { brightLevel } from "../../src/image/light/levels.js";
import type { RgbImage } from "../../src/image/rgb-image.js";
import { decodeKernelJson } from "../../src/kernel/formats/json.js";
import { decodeMat } from "../../src/kernel/formats/mat.js";
import { decodeNpy } from "../../src/kernel/formats/npy.js";
import { createEngine } from "../../src/node/device/create-engine.js";
import { automaticSigma, type SigmaInputs } from "../../src/upscale/sigma/automatic-sigma.js";
import { DRAWINGS } from "../../src/web/shared/drawing-names.js";
import { maxDifference } from "../support/difference.js";
import { launchChrome } from "../support/launch-chrome.js";
import { ROOT } from "../support/root.js";
import { blackPicture, degradedPicture, textFile } from "./pictures.js";
import { type Site, serve } from "./serve.js";
import { servePage } from "./site.js";
import { Visitor } from "./visitor.js";

const WIDTH = 96;
const HEIGHT = 80;
const SETTINGS = { scale: "2", method: "meta", steps: "5", seed: "3", model: "fast", sigma: "2" };
const SPECTRAL = { scale: "2", method: "spectral", model: "small", sigma: "" };
const picture = degradedPicture(WIDTH, HEIGHT);
const text = new TextDecoder();

let engine: Engine;
let site: Site;
let browser: Browser;
let visitor: Visitor;

beforeAll(async () => {
  engine = await createEngine({ adapter: "swiftshader" });
  site = await servePage();
  browser = await launchChrome();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await site?.close();
  engine?.dispose();
});

describe("a visit", () => {
  beforeAll(async () => {
    visitor = await Visitor.arrive(browser, site.address);
  });

  afterAll(() => visitor.page.close());

  it("opens a picture that is dropped, and says what it would make of it", async () => {
    await visitor.give(picture.file);
    await visitor.reads(
      "#plan",
      `${WIDTH}×${HEIGHT} becomes ${2 * WIDTH}×${2 * HEIGHT} pixels, made in 1 tile.`,
    );
    expect(await visitor.text("#facts")).toBe(`degraded.png, ${WIDTH}×${HEIGHT} pixels`);
  });

  it("reads the kernel, the noise and the likely error off the spectrum, as Node does", async () => {
    expect(await visitor.fields()).toEqual(SPECTRAL);
    expect(await visitor.isVisible("[name=steps]")).toBe(false);
    expect(await visitor.isVisible("#losses")).toBe(false);
    await visitor.run({});
    const weights = await readFile(join(ROOT, "models/spectral-x2.safetensors"));
    const expected = await SpectralEstimator.load(engine, weights).then((spectral) =>
      spectral.estimate(picture.image),
    );
    expect(maxDifference(await kernel(), expected.kernel.values)).toBeLessThan(1e-5);
    const [noise, error] = [expected.noise.toFixed(1), expected.uncertainty.error.toFixed(2)];
    const told = toldNoise(picture.image, expected).toFixed(1);
    const readings = `Likely error of the kernelK‑COV ${error} px²Noise of the picture${noise} of 255Noise that the upscaler is told${told} of 255`;
    expect(await visitor.text("#readings")).toBe(readings);
    const details = await visitor.text("#details");
    expect(details).toMatch(/Estimate(\d+ ms|\d+\.\d s) by its spectrum/);
    expect(details).toContain("by the network for photos, 1 tile");
    expect(details).toContain(`told noise ${told} of 255 (automatic)`);
    expect(await visitor.text("#kernel figcaption")).toMatch(/σ \d\.\d\d px along \d+°/);
    const png = PNG.sync.read(Buffer.from((await visitor.download("Picture .png")).bytes));
    expect(png).toMatchObject({ width: 2 * WIDTH, height: 2 * HEIGHT });
    const run = await visitor.download("Run .json");
    const network = await readFile(join(ROOT, "models/small-x2.safetensors"));
    expect(JSON.parse(text.decode(run.bytes))).toMatchObject({
      settings: { scale: 2, method: "spectral", model: "small", sigma: "auto" },
      weights: { spectral: sha256(weights), small: sha256(network) },
      result: {
        noise: expect.closeTo(expected.noise, 3),
        error: expect.closeTo(expected.uncertainty.error, 3),
      },
    });
    await visitor.set({ ...SETTINGS, scale: "4" });
    await visitor.give({ ...run, type: "application/json" });
    await visitor.reads("#status", "set up again");
    expect(await visitor.fields()).toEqual(SPECTRAL);
    expect(await visitor.isVisible("#message")).toBe(false);
    await visitor.run({ ...SPECTRAL, model: "fast", sigma: "7" });
    expect(await visitor.text("#details")).toContain("told noise 7.0 of 255Device");
  });

  it("shows the kernel and its readings before the picture, of which the rest can be canceled", async () => {
    await visitor.set(SPECTRAL);
    await visitor.press("#run");
    await visitor.reads("#status", "Upscaling in 1 tile");
    expect(await visitor.text("#readings")).toContain("px²");
    await visitor.press("#cancel");
    expect(await visitor.text("#status")).toBe("Canceled.");
  });

  it("estimates the kernel of an adaptation that Node estimates", async () => {
    await visitor.run(SETTINGS);
    expect(await visitor.isVisible("#losses")).toBe(true);
    expect(await visitor.isVisible("#readings")).toBe(false);
    const actual = await kernel();
    const weights = await readFile(join(ROOT, "models/metakernelgan.safetensors"));
    const meta = await MetaKernelGAN.load(engine, weights);
    const expected = await meta.estimate(picture.image, { steps: 5, seed: 3 });
    expect(maxDifference(actual, expected.kernel.values)).toBeLessThan(1e-5);
    const start = expected.kernels[0]?.values as Float64Array;
    expect(maxDifference(actual, start), "what the start would give").toBeGreaterThan(1e-4);
  });

  it("gives the picture and the kernel as files", async () => {
    const values = await kernel();
    const png = await visitor.download("Picture .png");
    expect(png.name).toBe("degraded-x2.png");
    expect(PNG.sync.read(Buffer.from(png.bytes))).toMatchObject({ width: 2 * WIDTH, height: 2 * HEIGHT });
    const npy = await visitor.download("Kernel .npy");
    expect(decodeNpy(npy.bytes).values).toEqual(values);
    const mat = await visitor.download("Kernel .mat");
    expect((await decodeMat(mat.bytes)).values).toEqual(values);
    const heat = PNG.sync.read(Buffer.from((await visitor.download("Kernel .png")).bytes));
    expect(heat.width).toBe(352);
  });

  it("tells times, tiles, blur and device with their units", async () => {
    const details = await visitor.text("#details");
    expect(details).toMatch(/Estimate ?\d+(\.\d s| ms) for 5 steps, \d+\.\d ms each; seed 3/);
    expect(details).toMatch(
      /Upscaling ?\d+(\.\d s| ms) by the fast upscaler, 1 tile, told noise 2.0 of 255Device/,
    );
    expect(details).toMatch(/Covariance ?xx .* px²/);
    expect(details).toMatch(/Device ?.*swiftshader/);
    expect(await visitor.text("#kernel figcaption")).toMatch(
      /11×11 pixels of the ×2 picture, for cross-correlation\..* σ \d\.\d\d px/,
    );
  });

  it("moves the divider with the pointer and with the keyboard", async () => {
    const { page } = visitor;
    const value = () => page.$eval("#divider", (input) => Number((input as HTMLInputElement).value));
    await page.$eval(".viewer", (viewer) => viewer.scrollIntoView());
    const box = await (await page.$(".viewer canvas"))?.boundingBox();
    if (!box) throw new Error("no canvas");
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.8 * box.width, box.y + box.height / 3, { steps: 4 });
    await page.mouse.up();
    expect(await value()).toBeCloseTo(80, 0);
    await page.focus("#divider");
    await page.keyboard.press("ArrowLeft");
    expect(await value()).toBeCloseTo(79.5, 0);
  });

  it("shows both pictures in the same place, also when zoomed in", async () => {
    await visitor.slide("#zoom", 70);
    const after = await visitor.view(0);
    const before = await visitor.view(100);
    expect(meanDifference(before, after, 0, 0), "the pictures differ").toBeGreaterThan(1);
    const [x, y] = bestShift(before, after);
    // A pixel of the picture is about five of the view.
    expect(Math.hypot(x, y)).toBeLessThan(3);
    await visitor.slide("#zoom", 0);
  });

  it("gives the same kernel to the bit when it runs again", async () => {
    const first = await kernel();
    await visitor.run(SETTINGS);
    expect(await kernel()).toEqual(first);
    await visitor.run({ ...SETTINGS, seed: "4" });
    expect(await kernel()).not.toEqual(first);
  });

  it("sets a run up again from its file", async () => {
    const run = await visitor.download("Run .json");
    const hash = sha256(picture.file.bytes);
    const adapter = expect.objectContaining({ kind: "swiftshader" });
    expect(JSON.parse(text.decode(run.bytes))).toMatchObject({
      image: { name: "degraded.png", width: WIDTH, height: HEIGHT, sha256: hash },
      settings: { scale: 2, method: "meta", steps: 5, seed: 4, model: "fast", sigma: 2 },
      weights: { init: expect.stringMatching(/^[0-9a-f]{64}$/) },
      result: {
        adapter,
        milliseconds: {
          prepare: expect.any(Number),
          estimate: expect.any(Number),
          upscale: expect.any(Number),
        },
        sigma: 2,
        kernel: { size: 11, orientation: "correlation" },
      },
    });
    await visitor.set({ ...SETTINGS, scale: "4", steps: "9", seed: "77" });
    await visitor.give({ ...run, type: "application/json" });
    await visitor.reads("#status", "set up again");
    expect(await visitor.fields()).toEqual({ ...SETTINGS, seed: "4" });
    const json = text.decode(run.bytes);
    await visitor.give(textFile("usrnet.json", json.replace('"fast"', '"usrnet"'), "application/json"));
    await visitor.reads("#message", "settings that this page does not know");
    expect(await visitor.fields()).toEqual({ ...SETTINGS, seed: "4" });
    const init = /(?<="init": ")\w+/;
    await visitor.give(textFile("weights.json", json.replace(init, "0"), "application/json"));
    await visitor.reads("#message", "made with other weights");
    await visitor.give(textFile("picture.json", json.replace(hash, "0"), "application/json"));
    await visitor.reads("#message", "Now open the picture of that run, degraded.png.");
    await visitor.give(picture.file);
    await visitor.reads("#message", "is not the picture of that run");
    const older = json.replace(/"method": "meta",\s*/, "");
    await visitor.set(SPECTRAL);
    await visitor.give(textFile("older.json", older, "application/json"));
    await visitor.reads("#status", "set up again");
    expect(await visitor.fields()).toMatchObject({ method: "meta", seed: "4" });
    await visitor.give(textFile("other.json", "{}", "application/json"));
    await visitor.reads("#message", "not a run of this page");
  });

  it("takes another device after it has lost one", async () => {
    const before = await visitor.deviceCount();
    await visitor.unplug();
    await visitor.run(SETTINGS);
    expect(await visitor.deviceCount()).toBe(before + 1);
  });

  it("says that a device was lost in a run, and goes on working", async () => {
    await visitor.set({ ...SETTINGS, steps: "2000" });
    await visitor.press("#run");
    await visitor.reads("#clock", "step ");
    await visitor.unplug();
    await visitor.reads("#message", "The GPU was lost");
    expect(await visitor.text("#status")).toMatch(/^Stopped after \d+ steps\.$/);
    await visitor.run(SETTINGS);
    expect(await visitor.isVisible("#message")).toBe(false);
  });

  it("says what is wrong with a file that is no picture, and keeps the one that is open", async () => {
    await visitor.give(textFile("notes.txt", "no picture"), "paste");
    await visitor.reads("#message", "notes.txt is not a picture that this browser can read. Choose a PNG");
    expect(await visitor.text("#facts")).toContain("degraded.png");
    await visitor.run(SETTINGS);
  });

  it("says that the clipboard holds no picture", async () => {
    await visitor.paste("some text");
    await visitor.reads("#message", "The clipboard holds no picture.");
  });

  it("refuses a picture that is too large, and one that is for a scale", async () => {
    await visitor.give(blackPicture("huge.png", 6000, 4200));
    await visitor.reads("#message", "huge.png has 26 megapixels, and this page takes at most 25.");
    await visitor.set({ model: "fast" });
    await visitor.give(blackPicture("large.png", 2750, 2300));
    await visitor.reads("#plan", "made in 9 tiles.");
    await visitor.set({ model: "small" });
    await visitor.reads("#plan", "made in 8 tiles.");
    await visitor.set({ scale: "4" });
    await visitor.reads("#plan", "at most 100 are possible: give a smaller image or scale.");
    expect(await visitor.page.$eval("#run", (button) => (button as HTMLButtonElement).disabled)).toBe(true);
  });

  it("refuses beforehand what no canvas can hold", async () => {
    await visitor.set({ scale: "2" });
    await visitor.give(blackPicture("wide.png", 34_000, 128));
    await visitor.reads("#plan", "longer than the 65535 pixels that a browser can draw. Cut out a part");
    expect(await visitor.page.$eval("#run", (button) => (button as HTMLButtonElement).disabled)).toBe(true);
  });

  it("says that it takes one of several files", async () => {
    await visitor.give(blackPicture("first.png", 80, 64), "drop", [blackPicture("second.png", 80, 64)]);
    await visitor.reads("#message", "This page takes one file at a time, and opens first.png.");
    await visitor.reads("#facts", "first.png");
  });

  it("works in as many tiles as it said beforehand", async () => {
    await visitor.set({ scale: "2" });
    await visitor.give(degradedPicture(160, 64).file);
    await visitor.reads("#plan", "160×64 becomes 320×128 pixels, made in 1 tile.");
    await visitor.run({ ...SETTINGS, steps: "0", model: "small" });
    expect(await visitor.text("#details")).toContain("by the network for photos, 1 tile");
    await visitor.give(degradedPicture(9800, 64).file);
    await visitor.reads("#plan", "9800×64 becomes 19600×128 pixels, made in 2 tiles.");
    await visitor.run({ ...SETTINGS, steps: "0" });
    expect(await visitor.text("#details")).toContain("by the fast upscaler, 2 tiles");
  });

  it("keeps transparency", async () => {
    const png = PNG.sync.read(Buffer.from(picture.file.bytes));
    for (let i = 0; i < 8 * WIDTH; i++) png.data[4 * i + 3] = 0;
    await visitor.give({ ...picture.file, name: "clear.png", bytes: PNG.sync.write(png) });
    await visitor.reads("#facts", "clear.png");
    await visitor.run(SETTINGS);
    const { data } = PNG.sync.read(Buffer.from((await visitor.download("Picture .png")).bytes));
    expect(data[3]).toBe(0);
    expect(data.at(-1)).toBe(255);
  });

  it("says that a picture without detail has no blur to be found", async () => {
    await visitor.give(blackPicture("black.png", 100, 100));
    await visitor.reads("#plan", "100×100");
    await visitor.run({});
    expect(await visitor.text("#details")).toMatch(
      /Estimate ?\d+ ms without result: one color throughout, so a usual blur is assumed/,
    );
    const { data } = PNG.sync.read(Buffer.from((await visitor.download("Picture .png")).bytes));
    expect(data.every((value, i) => value === (i % 4 === 3 ? 255 : 0))).toBe(true);
  });

  it("says that a picture is too small for the spectrum, and adapts to it if it is asked to", async () => {
    const small = degradedPicture(40, 24);
    await visitor.give(small.file);
    await visitor.reads("#facts", "40×24");
    await visitor.run({ ...SPECTRAL, scale: "4", model: "fast" });
    expect(await visitor.text("#details")).toMatch(/without result: too few pixels, so a usual blur/);
    await visitor.run({ ...SETTINGS, scale: "4", sigma: "" });
    expect(await visitor.text("#details")).toContain("for 5 steps");
    const told = toldNoise(small.image, {}).toFixed(1);
    expect(await visitor.text("#details")).toContain(`told noise ${told} of 255 (automatic)`);
  });

  it("reads the kernel of a drawing almost as it is", async () => {
    for (const drawing of ["leaves", "poster"] as const) {
      for (const scale of ["2", "4"]) {
        await visitor.set({ ...SPECTRAL, model: "fast", scale });
        await visitor.press(`[data-drawing=${drawing}]`);
        // The plan of the drawing before reads the same at the same scale.
        await visitor.reads("#status", `${DRAWINGS[drawing]} is open.`);
        await visitor.reads("#plan", `${512 / Number(scale)}×${384 / Number(scale)} becomes 512×384`);
        await visitor.run({});
        const details = await visitor.text("#details");
        expect(Number(/kernel PSNR (\d+\.\d) dB/.exec(details)?.[1])).toBeGreaterThan(55);
      }
    }
    expect(await visitor.text("#details")).toMatch(/Against it ?kernel PSNR \d+\.\d dB, K.COV \d+\.\d+ px²/);
    expect(await visitor.text("#readings")).toContain("(its kernel for ×2)");
    expect(await visitor.text("#kernel figcaption")).toContain("21×21 pixels of the ×4 picture");
    const ellipses = await visitor.page.$$eval(".ellipse", (all) =>
      all.map((one) => one.getAttribute("visibility")),
    );
    expect(ellipses).toEqual(["visible", "visible"]);
  });

  it("made no request after it was loaded, and nothing went wrong unseen", () => {
    const paths = site.requests.map((path) =>
      path.replace("/page/", "").replace(/^(assets\/\w+)-[\w-]+/, "$1"),
    );
    expect(paths.sort()).toEqual([
      "",
      "assets/index.css",
      "assets/index.js",
      "weights/metakernelgan.safetensors",
      "weights/small-x2.safetensors",
      "weights/small-x4.safetensors",
      "weights/spectral-x2.safetensors",
      "weights/spectral-x4.safetensors",
    ]);
    expect(visitor.complaints).toEqual([]);
  });

  it("cannot reach another server, neither from the page nor from its worker", async () => {
    const other = await serve({ "/": ROOT });
    try {
      const reach = async (address: string): Promise<string> =>
        fetch(address, { mode: "no-cors" }).then(
          () => "reached",
          () => "refused",
        );
      expect(await visitor.page.evaluate(reach, other.address)).toBe("refused");
      expect(await visitor.worker.evaluate(reach, other.address)).toBe("refused");
      expect(other.requests).toEqual([]);
    } finally {
      await other.close();
    }
  });
});

describe("without weights beside the page", () => {
  it("says that they could not be loaded", async () => {
    const other = await servePage(["weights/small-x4.safetensors"]);
    visitor = await Visitor.arrive(browser, other.address);
    try {
      await visitor.reads("#message", "The weights could not be loaded, or are damaged.");
      await visitor.press("#message-close");
      await visitor.give(picture.file);
      await visitor.press("#run");
      await visitor.reads("#message", "The weights could not be loaded, or are damaged.");
      expect(await visitor.text("#status")).toBe("Stopped.");
    } finally {
      await visitor.page.close();
      await other.close();
    }
  });
});

describe("without a GPU", () => {
  it("says what to do where the browser has no WebGPU", async () => {
    const page = await browser.newPage();
    await page.evaluateOnNewDocument(() =>
      Object.defineProperty(Navigator.prototype, "gpu", { value: undefined }),
    );
    await page.goto(site.address, { waitUntil: "networkidle0" });
    const message = await page.$eval("#message-text", (element) => element.textContent);
    expect(message).toContain("no WebGPU, which this page needs. Use a current Chrome");
    await page.close();
  });
});

describe("for everybody", () => {
  beforeAll(async () => {
    visitor = await Visitor.arrive(browser, site.address);
  });

  afterAll(() => visitor.page.close());

  const SCHEMES = ["light", "dark"];

  it.each(SCHEMES)("has no fault that axe finds, in %s colors", async (scheme) => {
    await choose(scheme);
    expect(await faults()).toEqual([]);
  });

  it("is not wider than a phone", async () => {
    const { page } = visitor;
    const before = page.viewport();
    await page.setViewport({ width: 320, height: 640 });
    await visitor.give(picture.file);
    await visitor.run(SETTINGS);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    await page.setViewport(before);
  });

  it.each(SCHEMES)("has no fault that axe finds in a result and a message, in %s colors", async (scheme) => {
    await choose(scheme);
    await visitor.paste("some text");
    await visitor.reads("#message", "The clipboard");
    expect(await visitor.text("#status")).toContain("Done in");
    expect(await faults()).toEqual([]);
  });

  /** Lets the page have the colors that somebody prefers. */
  const choose = (scheme: string): Promise<void> =>
    visitor.page.emulateMediaFeatures([
      { name: "prefers-color-scheme", value: scheme },
      // Else it may see a button while its color changes.
      { name: "prefers-reduced-motion", value: "reduce" },
    ]);
});

describe("by keyboard alone", () => {
  beforeAll(async () => {
    visitor = await Visitor.arrive(browser, site.address);
  });

  afterAll(() => visitor.page.close());

  it("can be used from top to bottom", async () => {
    const { page } = visitor;
    await page.keyboard.press("Tab");
    expect(await visitor.focused()).toBe("Choose a photo…");
    await page.keyboard.press("Tab");
    expect(await visitor.focused()).toBe("Leaves");
    await page.keyboard.press("Enter");
    await visitor.reads("#plan", "becomes");
    const order = [];
    await visitor.set({ method: "meta", model: "fast" });
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press("Tab");
      order.push(await visitor.focused());
    }
    expect(order).toEqual([
      "Poster",
      "scale",
      "method",
      "steps",
      "seed",
      "model",
      "sigma",
      "Sharpen and enlarge",
    ]);
    await visitor.set({ steps: "5" });
    await page.keyboard.press("Enter");
    expect(await visitor.focused()).toBe("Cancel");
    await visitor.reads("#status", "Done in");
    expect(await visitor.focused()).toBe("Before and after");
    const next = [];
    for (let i = 0; i < 5; i++) {
      await page.keyboard.press("Tab");
      next.push(await visitor.focused());
    }
    expect(next).toEqual(["pictures", "divider", "zoom", "Fit", "Picture .png"]);
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The kernel that the page offers. */
async function kernel(): Promise<Float64Array> {
  return decodeKernelJson(text.decode((await visitor.download("Kernel .json")).bytes)).values;
}

/** The automatic sigma: a darker image's noise counts for more, and the sigma is that of the image as it is. */
function toldNoise(image: RgbImage, { noise = 0, uncertainty }: SigmaInputs): number {
  const level = brightLevel(image);
  return level * automaticSigma({ noise: noise / level, uncertainty });
}

/** What axe-core has against the page as it is. */
async function faults(): Promise<string[]> {
  const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await visitor.page.evaluate(source);
  return visitor.page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
}

interface View {
  readonly width: number;
  readonly height: number;
  readonly values: readonly number[];
}

/** By how many pixels one view has to be moved to look most like another. */
function bestShift(a: View, b: View): [x: number, y: number] {
  let best: [number, number] = [0, 0];
  let least = Infinity;
  for (let y = -8; y <= 8; y++) {
    for (let x = -8; x <= 8; x++) {
      const difference = meanDifference(a, b, x, y);
      if (difference < least) {
        least = difference;
        best = [x, y];
      }
    }
  }
  return best;
}

function meanDifference(a: View, b: View, shiftX: number, shiftY: number): number {
  let sum = 0;
  let count = 0;
  for (let y = 8; y < a.height - 8; y += 3) {
    for (let x = 8; x < a.width - 8; x += 3) {
      const [one, other] = [a.values[y * a.width + x], b.values[(y + shiftY) * a.width + x + shiftX]];
      sum += Math.abs((one as number) - (other as number));
      count++;
    }
  }
  return sum / count;
}
