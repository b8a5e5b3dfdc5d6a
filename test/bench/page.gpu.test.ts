import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "puppeteer-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { QUICK_JOBS } from "../../bench/harness/jobs/index.js";
import type { BenchResult } from "../../bench/report/result/result.js";
import { parseResult } from "../../bench/report/same-place.js";
import { mergedTable } from "../../bench/report/tables/merge.js";
import { launchChrome } from "../support/launch-chrome.js";
import { ROOT } from "../support/root.js";
import { type Site, serve } from "../web/serve.js";
import { benchHere } from "./bench-here.js";

let folder: string;
let site: Site;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bench-page-"));
  await build({ configFile: join(ROOT, "bench/vite.page.config.ts"), build: { outDir: folder } });
  site = await serve({ "/bench/": `${folder}/` }, "bench/");
  browser = await launchChrome();
  page = await browser.newPage();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

const text = (id: string): Promise<string> => page.$eval(`#${id}`, (element) => element.textContent ?? "");

/** The result that the page shows. */
async function shown(): Promise<BenchResult> {
  const json = await page.$eval("#json", (element) => (element as HTMLTextAreaElement).value);
  return parseResult(json, "page.json");
}

/** Waits in short calls: a long one would run into the browser's time limit. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 500));
}

describe("the bench's page", () => {
  const errors: string[] = [];
  let requests = 0;
  let cancelled: BenchResult;

  it("measures the device by one click, makes no request meanwhile, and keeps what it has when it is cancelled", async () => {
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(site.address);
    expect(await text("status")).toBe("Ready.");
    requests = site.requests.length;
    await page.click("#run");
    await until(async () => (await text("figures")).includes("f32 multiply-adds, Gop/s"));
    await page.click("#cancel");
    await until(async () => (await text("status")).startsWith("Cancelled"));
    expect(await text("status")).toBe("Cancelled; what was measured so far is below.");
    expect(site.requests.length).toBe(requests);
    expect(errors).toEqual([]);

    cancelled = await shown();
    expect(cancelled.host).toBe("page");
    expect(cancelled.adapter).toMatchObject({ kind: "swiftshader", boundsChecks: true });
    expect(cancelled.probes?.length).toBeGreaterThan(0);
    expect(await page.$eval("#figures tr", ({ textContent }) => textContent)).toBe("swiftshader");
    expect(cancelled.jobs).toBeUndefined();
  }, 900_000);

  it("runs to its end on the same page with small pictures, and what it copies is a result that bench merge takes", async () => {
    await browser
      .defaultBrowserContext()
      .overridePermissions(new URL(site.address).origin, ["clipboard-read", "clipboard-sanitized-write"]);
    await page.click("#quick");
    await page.click("#run");
    expect(await page.$eval("#results", (results) => (results as HTMLElement).hidden)).toBe(true);
    // Another tab comes to the front for a moment.
    await page.evaluate(() => {
      for (const hidden of [true, false]) {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }
    });
    await until(async () => !(await page.$eval("#run", (button) => (button as HTMLButtonElement).disabled)));
    expect(await text("status")).toMatch(/^Done, but this page was in the background meanwhile, [^\n]+\.$/);
    await page.click("#copy");
    await until(async () => !(await text("status")).startsWith("Done"));
    expect(await text("status")).toBe("Copied.");
    const file = join(folder, "copied.json");
    await writeFile(file, await page.evaluate(() => navigator.clipboard.readText()));
    const { code, stdout } = await benchHere("merge", file, file);
    expect(code).toBe(0);
    for (const { measures } of Object.values(QUICK_JOBS)) {
      for (const { name, unit } of measures) {
        const row = stdout.split("\n").find((line) => line.startsWith(`| ${name}, ${unit} |`));
        expect(row, name).toMatch(/\| [\d.]*[1-9][\d.]* \|$/);
      }
    }
    expect(await text("figures")).toContain("upscaling to 192×128");

    // A new device and a new result.
    const result = await shown();
    expect(result.date).not.toBe(cancelled.date);
    const titles = result.probes?.map(({ title }) => title);
    expect(titles).toEqual([
      "latencies",
      "transfers",
      "compilation",
      "arithmetic",
      "sharing between invocations",
      "strided reads",
    ]);
    for (const row of result.probes?.flatMap(({ rows }) => rows) ?? []) {
      if ("value" in row) expect(row.value, row.name).toBeGreaterThanOrEqual(0);
      // SwiftShader has no half precision; all else runs everywhere.
      else expect(row.name).toBe("f16 multiply-adds");
    }
    expect(result.intensity?.length).toBeGreaterThan(3);
    expect(result.roofline?.arithmetic.rate).toBeGreaterThan(0);
    // Measured again at the end, which shows how steady the machine was.
    expect(result.rooflineDrift?.memory).toBeGreaterThan(0);
    // It is a column of the merged table, and of the page's own.
    expect(mergedTable([result, result])).toContain("| multiply-adds, GFLOP/s |");
    expect(await text("figures")).toContain("f32 multiply-adds, Gop/s");
    expect(await page.$$("#kernels table")).toHaveLength(2);
    expect(await page.$$eval("#plot circle", (dots) => dots.length)).toBeGreaterThan(3);
    expect(site.requests.length).toBe(requests);
    expect(errors).toEqual([]);
  }, 900_000);

  it("can be cancelled before there is a device", async () => {
    await page.goto(site.address);
    // In one call, so that the device is not open yet.
    await page.evaluate(() => {
      const status = document.getElementById("status") as HTMLElement;
      new MutationObserver(() => {
        if (status.textContent?.includes("self-test")) document.title = "tested in vain";
      }).observe(status, { childList: true });
      for (const id of ["run", "cancel"]) document.getElementById(id)?.click();
    });
    await until(async () => !(await page.$eval("#run", (button) => (button as HTMLButtonElement).disabled)));
    expect(await text("status")).toBe("Cancelled.");
    expect(await page.title()).not.toBe("tested in vain");
    expect(await page.$eval("#results", (results) => (results as HTMLElement).hidden)).toBe(true);
  }, 100_000);

  it("says why it measures nothing where there is no adapter", async () => {
    const other = await browser.newPage();
    try {
      await other.evaluateOnNewDocument(() => {
        navigator.gpu.requestAdapter = async () => null;
      });
      await other.goto(site.address);
      await other.click("#run");
      const status = () => other.$eval("#status", ({ textContent }) => textContent ?? "");
      await until(async () => (await status()).startsWith("Nothing"));
      expect(await status()).toMatch(/^Nothing was measured: WebGPU finds no adapter: [^\n]+\.$/);
    } finally {
      await other.close();
    }
  }, 100_000);
});
