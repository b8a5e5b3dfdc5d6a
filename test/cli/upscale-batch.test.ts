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
  await loadDawn();
  writeFileSync(file("kernel.json"), encodeKernelJson(gaussianKernel({ lambda1: 2, lambda2: 1, theta: 0 })));
  for (const name of ["a", "b", "c"])
    await writeImage(file(`${name}.png`), { rgb: syntheticImage(1, 40, 36) });
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

describe("a batch", () => {
  it("goes on after an image for which the device had too little memory", async () => {
    const inputs = await readInputs(
      ["a", "b", "c"].map((name) => file(`${name}.png`)),
      OPTIONS,
    );
    const { signal } = new AbortController();
    const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    // What a driver does: it makes the buffer, and reports the error later.
    const create = GPUDevice.prototype.createBuffer;
    let calls = 0;
    const devices = new Set<GPUDevice>();
    const spy = vi.spyOn(GPUDevice.prototype, "createBuffer").mockImplementation(function (
      this: GPUDevice,
      descriptor,
    ) {
      devices.add(this);
      if (devices.size === 1 && existsSync(file("a.jpg")) && calls++ === 0) {
        this.dispatchEvent(
          new GPUUncapturedErrorEvent("uncapturederror", { error: new GPUOutOfMemoryError("too much") }),
        );
      }
      return create.call(this, descriptor);
    });
    try {
      const run = await upscaleAll(inputs, undefined, signal);
      expect(run.done.map(({ job }) => job.path)).toEqual([file("a.png"), file("c.png")]);
      expect(run.failed).toEqual([{ path: file("b.png"), message: expect.stringContaining("too much") }]);
      expect(existsSync(file("c.jpg"))).toBe(true);
      expect(devices.size).toBe(2);
    } finally {
      spy.mockRestore();
      written.mockRestore();
    }
  });
});
