import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PNG } from "pngjs";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useCli } from "../support/cli.js";
import { maxDifference } from "../support/difference.js";
import { useInstalledProject } from "../support/installed.js";
import { launchChrome } from "../support/launch-chrome.js";
import { degradedPicture } from "./pictures.js";
import { type Site, serve } from "./serve.js";

const WIDTH = 72;
const HEIGHT = 56;

/** A picture's bytes, four a pixel. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: number[];
}

declare global {
  /** What test/web/sources-page.js offers. */
  var test: {
    readonly sources: readonly string[];
    readonly wrong: readonly string[];
    upscale(name: string, place: string): Promise<[Pixels, Pixels]>;
    write(place: string): Promise<number[]>;
    wait(place: string): Promise<[number[], number[], number[]]>;
    fail(place: string): Promise<string[]>;
    base(place: string): Promise<number[]>;
    call(name: string, place: string): Promise<{ message: string; isOurs: boolean; milliseconds: number }>;
    refuse(
      name: string,
      place: string,
      call: string,
    ): Promise<{ kind: string; message: string; milliseconds: number; isFile: boolean }>;
  };
}

const script = readFileSync(new URL("sources-page.js", import.meta.url), "utf8");
const project = useInstalledProject();
const cli = useCli();
let sites: Site[];
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const opaque = PNG.sync.read(Buffer.from(degradedPicture(WIDTH, HEIGHT).file.bytes));
  const clear = new PNG({ width: WIDTH, height: HEIGHT });
  // From transparent on the left to opaque, with colors everywhere.
  opaque.data.forEach((value, i) => {
    const x = Math.floor(i / 4) % WIDTH;
    clear.data[i] = i % 4 === 3 ? Math.min(255, Math.max(0, 12 * (x - 4))) : value;
  });
  const files = Object.entries({ opaque, clear }).flatMap(([name, png]) => [
    [`site/${name}.png`, PNG.sync.write(png, { colorType: 6 })],
    [`site/${name}.json`, JSON.stringify({ width: WIDTH, height: HEIGHT, data: [...png.data] })],
  ]);
  project.write({
    ...Object.fromEntries(files),
    "site/drawing.svg": '<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9" /></svg>',
    "site/inner/inner.png": degradedPicture(WIDTH, HEIGHT).file.bytes,
    "site/index.html": `<!doctype html><link rel="icon" href="data:," /><script type="module" src="sources.js"></script>`,
    "site/sources.js": script,
  });
  const installed = join(project.folder, "node_modules/metakernelgan");
  const folder = join(project.folder, "site");
  sites = [await serve({ "/package/": installed, "/": folder }), await serve({ "/": folder })];
  browser = await launchChrome();
  page = await browser.newPage();
  const [here, elsewhere] = sites.map(({ address }) => address);
  await page.goto(`${here}?elsewhere=${elsewhere}`);
  await page.waitForFunction(() => document.title === "ready", { timeout: 120_000 });
});

afterAll(async () => {
  await browser?.close();
  for (const site of sites ?? []) await site.close();
});

/** Pictures of the command line, by their sources' bytes. */
const pictures = new Map<string, Promise<PNG>>();

function onTheCommandLine(pixels: Pixels): Promise<PNG> {
  const key = pixels.data.join();
  const known = pictures.get(key) ?? upscale(pixels, `source-${pictures.size}`);
  pictures.set(key, known);
  return known;
}

async function upscale({ width, height, data }: Pixels, name: string): Promise<PNG> {
  const png = new PNG({ width, height });
  png.data.set(data);
  project.write({ [`${name}.png`]: PNG.sync.write(png, { colorType: 6 }) });
  const out = cli.file(`${name}.png`);
  const photo = join(project.folder, `${name}.png`);
  expect(await cli.run(["upscale", photo, "--model", "fast", "--out", out])).toMatchObject({ code: 0 });
  return PNG.sync.read(readFileSync(out));
}

/** Names of the entries of an object in the page's script. */
function namesIn(object: string): string[] {
  const text = new RegExp(`const ${object} = \\{\\n([\\s\\S]*?)\\n\\};`).exec(script)?.[1] ?? "";
  return [...text.matchAll(/^ {2}(?:"([^"]+)"|(\w+)): /gm)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}

const places = ["page", "worker"] as const;

describe.each(places)("an upscaler of the %s", (place) => {
  it.each(namesIn("SOURCES"))("makes of %s the command line's picture", async (name) => {
    const [shown, made] = await page.evaluate((...args) => test.upscale(...args), name, place);
    expect(shown).toMatchObject({ width: WIDTH, height: HEIGHT });
    const expected = await onTheCommandLine(shown);
    expect(made).toMatchObject({ width: 2 * WIDTH, height: 2 * HEIGHT });
    expect(maxDifference(made.data, expected.data)).toBeLessThanOrEqual(1);
  });

  it("writes a file with the command line's colors, also where they hardly show", async () => {
    const file = PNG.sync.read(Buffer.from(await page.evaluate((name) => test.write(name), place)));
    const { data } = PNG.sync.read(readFileSync(join(project.folder, "site/clear.png")));
    const expected = await onTheCommandLine({ width: WIDTH, height: HEIGHT, data: [...data] });
    expect(maxDifference(file.data, expected.data)).toBeLessThanOrEqual(1);
  });

  it.each(namesIn("WRONG"))("refuses %s in one sentence, at once, and works after it", async (name) => {
    for (const call of ["upscale", "estimateKernel"]) {
      const { kind, message, milliseconds, isFile } = await page.evaluate(
        (...args) => test.refuse(...args),
        name,
        place,
        call,
      );
      expect(`${kind}: ${message}`).toMatch(/^ImageError: [^\n]{1,500}\.$/);
      if (name.includes("drawing")) expect(message).toContain("SVG without width and height");
      // A server and a decoder take their time.
      if (!isFile) expect(milliseconds).toBeLessThan(100);
    }
  });
});

describe.each(places)("an upscaler of the %s", (place) => {
  it("takes what a canvas and a frame show when it is called, not when it has time", async () => {
    const [expected, made, framed] = await page.evaluate((name) => test.wait(name), place);
    expect(maxDifference(made, expected)).toBe(0);
    expect(maxDifference(framed, expected)).toBeLessThan(20);
  });

  it("ends a call whose function throws, with what it threw", async () => {
    const ends = await page.evaluate((name) => test.fail(name), place);
    expect(ends).toEqual(["onProgress", "onKernel", "onPlan", "create"]);
  });

  it("knows addresses by the page's base", async () => {
    expect(await page.evaluate((name) => test.base(name), place)).toEqual([2 * WIDTH, 2 * HEIGHT]);
  });

  it.each(namesIn("CALLS"))("refuses %s in one sentence", async (name) => {
    const { message, isOurs, milliseconds } = await page.evaluate(
      (...args) => test.call(...args),
      name,
      place,
    );
    expect(message).toMatch(/^\w+Error: [^\n]+\.$/);
    expect(isOurs).toBe(true);
    // A server, a worker that starts, and a picture that is made before it is written take their time.
    if (
      /^a (tile|symbol|signal|kernel|noise|scale|model|source|list|canvas of too)|^an uncertainty/.test(name)
    )
      expect(milliseconds).toBeLessThan(100);
  });
});

it("tries all that the page has", async () => {
  const { sources, wrong } = await page.evaluate(() => ({ sources: test.sources, wrong: test.wrong }));
  expect([namesIn("SOURCES"), namesIn("WRONG")]).toEqual([sources, wrong]);
});
