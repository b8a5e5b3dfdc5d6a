import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readInputs, type UpscaleInputOptions } from "../../src/cli/commands/upscale/inputs.js";
import { upscaleAll } from "../../src/cli/commands/upscale/run.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { encodeKernelJson } from "../../src/kernel/formats/json.js";
import { loadDawn } from "../../src/node/device/dawn.js";
import { writeImage } from "../../src/node/image-io/write-image.js";
import { syntheticImage } from "../support/synthetic-image.js";

const folder = mkdtempSync(join(tmpdir(), "metakernelgan-batch-"));
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  // Small: each device compiles its shaders anew, and fewer for a transform of 32 pixels.
  await loadDawn();
  writeFileSync(file("kernel.json"), encodeKernelJson(gaussianKernel({ lambda1: 2, lambda2: 1, theta: 0 })));
  for (const name of ["a", "b", "c"]) await writeImage(file(`${name}.png`), { rgb: syntheticImage(1, 8, 8) });
});

afterAll(() => rmSync(folder, { recursive: true }));

const OPTIONS: UpscaleInputOptions = {
  out: file("."),
  scale: "2",
  sigma: 0,
  boundary: "natural",
  align: "photo",
  model: "fast",
  kernel: file("kernel.json"),
  format: "jpeg",
};

/** Runs a batch of three images; `onBuffer` is called at each new buffer while an image is worked on. */
async function batch(onBuffer: (device: GPUDevice, devices: ReadonlySet<GPUDevice>) => void) {
  for (const name of ["a", "b", "c"]) rmSync(file(`${name}.jpg`), { force: true });
  const inputs = await readInputs(
    ["a", "b", "c"].map((name) => file(`${name}.png`)),
    OPTIONS,
  );
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const create = GPUDevice.prototype.createBuffer;
  const devices = new Set<GPUDevice>();
  const spy = vi.spyOn(GPUDevice.prototype, "createBuffer").mockImplementation(function (
    this: GPUDevice,
    descriptor,
  ) {
    devices.add(this);
    onBuffer(this, devices);
    return create.call(this, descriptor);
  });
  try {
    const run = await upscaleAll(inputs, undefined, new AbortController().signal);
    const lines = said.mock.calls.map(([line]) => String(line));
    return {
      done: run.done.map(({ job }) => job.path),
      failed: run.failed,
      devices: devices.size,
      lines,
    };
  } finally {
    spy.mockRestore();
    said.mockRestore();
  }
}

describe("a batch", () => {
  it.each<[string, () => GPUError]>([
    ["the device had too little memory", () => new GPUOutOfMemoryError("too much")],
    ["the device refused a call", () => new GPUValidationError("too much")],
  ])("goes on after an image for which %s", async (_, makeError) => {
    let calls = 0;
    const { done, failed, devices } = await batch((device, all) => {
      // What a driver does: it makes the buffer, and reports the error later.
      if (all.size === 1 && existsSync(file("a.jpg")) && calls++ === 0) {
        device.dispatchEvent(new GPUUncapturedErrorEvent("uncapturederror", { error: makeError() }));
      }
    });
    expect(done).toEqual([file("a.png"), file("c.png")]);
    expect(failed).toEqual([{ path: file("b.png"), message: expect.stringContaining("too much") }]);
    expect(existsSync(file("c.jpg"))).toBe(true);
    expect(devices).toBe(2);
  });

  it("goes on after an image whose fault nobody has foreseen", async () => {
    let calls = 0;
    const { done, failed } = await batch(() => {
      if (existsSync(file("a.jpg")) && calls++ === 0) throw new RangeError("out of range");
    });
    expect(done).toEqual([file("a.png"), file("c.png")]);
    expect(failed).toEqual([{ path: file("b.png"), message: expect.stringContaining("out of range") }]);
  });

  it("loses no image with a device, wherever that is lost", async () => {
    for (let at = 1; at <= 20; at += 3) {
      let calls = 0;
      const { done, failed, devices, lines } = await batch((device, all) => {
        if (all.size === 1 && existsSync(file("a.jpg")) && ++calls === at) device.destroy();
      });
      expect(failed, `lost at buffer ${at}`).toEqual([]);
      expect(done).toEqual(["a", "b", "c"].map((name) => file(`${name}.png`)));
      expect(devices).toBe(2);
      expect(
        lines.filter((line) => /device was lost at .*b\.png, which is upscaled once more/.test(line)),
      ).toHaveLength(1);
    }
  });

  it("fails an image that costs two devices, and goes on", async () => {
    const lost = new Set<GPUDevice>();
    const { done, failed, devices } = await batch((device) => {
      if (!existsSync(file("a.jpg")) || lost.has(device) || lost.size === 2) return;
      lost.add(device);
      device.destroy();
    });
    expect(done).toEqual([file("a.png"), file("c.png")]);
    expect(failed).toEqual([{ path: file("b.png"), message: expect.stringContaining("device was lost") }]);
    expect(devices).toBe(3);
  });
});
