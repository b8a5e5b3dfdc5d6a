import { join } from "node:path";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { useInstalledProject } from "../support/installed.js";
import { launchChrome } from "../support/launch-chrome.js";
import { type Site, serve } from "./serve.js";

const PAGE = `<!doctype html><link rel="icon" href="data:," /><script type="module">
import { createUpscaler, createWorkerUpscaler } from "./dist/metakernelgan.min.js";
globalThis.create = async (where) => {
  const arrived = [];
  const onProgress = ({ done, total }) => arrived.push(done / total);
  const upscaler = await { createUpscaler, createWorkerUpscaler }[where]({ onProgress });
  upscaler.dispose();
  return arrived.at(-1);
};
document.title = "ready";
</script>`;

declare global {
  /** Creates and disposes an upscaler, and says what part of its weights had arrived by then. */
  var create: (where: "createUpscaler" | "createWorkerUpscaler") => Promise<number>;
}

const project = useInstalledProject();
let site: Site;
let browser: Browser;

beforeAll(async () => {
  project.write({ "node_modules/metakernelgan/index.html": PAGE });
  site = await serve({ "/": join(project.folder, "node_modules/metakernelgan") });
  browser = await launchChrome();
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** A page of a visitor who has never been there. */
async function visit(prepare?: () => void): Promise<Page> {
  const page = await (await browser.createBrowserContext()).newPage();
  if (prepare) await page.evaluateOnNewDocument(prepare);
  await open(page);
  return page;
}

async function open(page: Page): Promise<void> {
  await page.goto(site.address);
  await page.waitForFunction(() => document.title === "ready");
}

const createIn = (page: Page) => page.evaluate(() => globalThis.create("createUpscaler"));

/** Names of the weights that were asked for since some number of requests. */
function downloads(since = 0): string[] {
  const weights = site.requests.slice(since).filter((path) => path.endsWith(".safetensors"));
  return weights.map((path) => path.replace("/models/", "")).sort();
}

it("a second visit downloads nothing, and needs no network", async () => {
  const page = await visit();
  let before = site.requests.length;
  expect(await createIn(page)).toBe(1);
  expect(downloads(before)).toEqual(["small-x2.safetensors", "spectral-x2.safetensors"]);
  await open(page);
  before = site.requests.length;
  // The worker's file is no weight, and comes from the network.
  expect(await page.evaluate(() => globalThis.create("createWorkerUpscaler"))).toBe(1);
  await page.setOfflineMode(true);
  expect(await createIn(page)).toBe(1);
  expect(downloads(before)).toEqual([]);
});

it.each([
  ["damaged", (bytes: Uint8Array) => bytes.with(1000, (bytes[1000] as number) ^ 1)],
  ["cut short", (bytes: Uint8Array) => bytes.subarray(1)],
  ["empty", () => new Uint8Array()],
])("an entry that is %s is downloaded again, and mended", async (_, damage) => {
  const page = await visit();
  await createIn(page);
  const stored = () =>
    page.evaluate(async () => {
      const cache = await caches.open("metakernelgan");
      const files = await Promise.all(
        (await cache.keys()).map(async ({ url }) => [
          url,
          [...new Uint8Array(await ((await cache.match(url)) as Response).arrayBuffer())].join(),
        ]),
      );
      return files.sort();
    });
  const good = await stored();
  expect(good.map(([url]) => url)).toEqual([
    expect.stringMatching(/small-x2\.safetensors\?sha256=[0-9a-f]{32}$/),
    expect.stringMatching(/spectral-x2\.safetensors\?sha256=[0-9a-f]{32}$/),
  ]);
  const [url, bytes] = good[0] as [string, string];
  const damaged = [...damage(Uint8Array.from(bytes.split(","), Number))];
  await page.evaluate(
    async (key, values) => {
      await (await caches.open("metakernelgan")).put(key, new Response(Uint8Array.from(values)));
    },
    url,
    damaged,
  );
  const before = site.requests.length;
  expect(await createIn(page)).toBe(1);
  expect(downloads(before)).toEqual(["small-x2.safetensors"]);
  expect(await stored()).toEqual(good);
});

it("an older version of a file leaves the cache when a newer one comes", async () => {
  const page = await visit();
  const keys = await page.evaluate(async () => {
    const cache = await caches.open("metakernelgan");
    await cache.put("/models/small-x2.safetensors?sha256=older", new Response("older"));
    await globalThis.create("createUpscaler");
    return (await cache.keys()).map(({ url }) => url);
  });
  expect(keys).toHaveLength(2);
  expect(keys.join()).not.toContain("older");
});

it.each<[string, () => void]>([
  ["a page without the Cache API", () => Object.defineProperty(globalThis, "caches", { value: undefined })],
  [
    "a frame that may not look at it",
    () =>
      Object.defineProperty(globalThis, "caches", {
        get: () => {
          throw new DOMException("Cache storage is disabled.", "SecurityError");
        },
      }),
  ],
  [
    "a private window",
    () => {
      CacheStorage.prototype.open = () => Promise.reject(new DOMException("It is private.", "SecurityError"));
    },
  ],
  [
    "a full disk",
    () => {
      Cache.prototype.put = () => Promise.reject(new DOMException("It is full.", "QuotaExceededError"));
    },
  ],
  [
    "a disk that fails",
    () => {
      Cache.prototype.match = async () =>
        new Response(new ReadableStream({ start: (it) => it.error(Error("It fails.")) }));
    },
  ],
])("%s works, and downloads each time", async (_, prepare) => {
  const page = await visit(prepare);
  for (let times = 0; times < 2; times++) {
    const before = site.requests.length;
    expect(await createIn(page)).toBe(1);
    expect(downloads(before)).toEqual(["small-x2.safetensors", "spectral-x2.safetensors"]);
  }
});

it("a page of http is told what it lacks", async () => {
  const page = await visit(() => {
    // As on http, where a page has none of them.
    for (const name of ["caches", "isSecureContext"])
      Object.defineProperty(globalThis, name, { value: undefined });
    Object.defineProperty(navigator, "gpu", { value: undefined });
  });
  const message = await page.evaluate(() =>
    globalThis.create("createUpscaler").catch((error) => String(error)),
  );
  expect(message).toMatch(/^NoAdapterError: WebGPU is missing: .*https/);
});
