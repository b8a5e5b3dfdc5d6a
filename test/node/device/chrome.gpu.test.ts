import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import puppeteer from "puppeteer-core";
import { expect, test } from "vitest";
import { findBundledChromium } from "../../../src/node/device/bundled-chromium.js";
import { findChrome } from "../../../src/node/device/chrome.js";
import { BrowserError } from "../../../src/node/errors.js";
import { skipped } from "../../support/skip.js";

const DOUBLE = `
@group(0) @binding(0) var<storage, read_write> values: array<u32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) { values[id.x] = 2 * id.x; }`;

const hasBrowser = (await findBundledChromium()) !== undefined || process.env.CHROME_PATH !== undefined;

const withoutBrowser = skipped(
  !hasBrowser,
  "a headless browser",
  "None is installed: run npm ci without --omit=optional, or set CHROME_PATH to a Chrome",
);

test.skipIf(withoutBrowser)("a headless browser runs a shader on a page of this machine", async () => {
  const chrome = await findChrome();
  expect(chrome?.version).toMatch(/^\d+\./);
  const server = createServer((_, response) => {
    response.setHeader("content-type", "text/html").end("<title>WebGPU</title>");
  });
  await new Promise<void>((listening) => server.listen(0, "localhost", listening));
  const browser = await puppeteer.launch({
    executablePath: chrome?.executablePath as string,
    args: [...(chrome?.args ?? [])],
    env: { ...chrome?.env },
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
    const values = await page.evaluate(async (code) => {
      const adapter = await navigator.gpu?.requestAdapter();
      if (!adapter) return "no adapter";
      const device = await adapter.requestDevice();
      const pipeline = await device.createComputePipelineAsync({
        layout: "auto",
        compute: { module: device.createShaderModule({ code }), entryPoint: "main" },
      });
      const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
      const buffer = device.createBuffer({ size: 256, usage: STORAGE | COPY_SRC });
      const readback = device.createBuffer({ size: 256, usage: MAP_READ | COPY_DST });
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      const layout = pipeline.getBindGroupLayout(0);
      pass.setBindGroup(
        0,
        device.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer } }] }),
      );
      pass.dispatchWorkgroups(1);
      pass.end();
      encoder.copyBufferToBuffer(buffer, 0, readback, 0, 256);
      device.queue.submit([encoder.finish()]);
      await readback.mapAsync(GPUMapMode.READ);
      return [...new Uint32Array(readback.getMappedRange())];
    }, DOUBLE);
    expect(values).toEqual(Array.from({ length: 64 }, (_, index) => 2 * index));
  } finally {
    await browser.close();
    server.close();
  }
});

test("a variable that names no browser is an error, not another browser", async () => {
  const before = process.env.CHROME_PATH;
  process.env.CHROME_PATH = process.execPath;
  try {
    await expect(findChrome()).rejects.toThrow(BrowserError);
  } finally {
    if (before === undefined) delete process.env.CHROME_PATH;
    else process.env.CHROME_PATH = before;
  }
});
