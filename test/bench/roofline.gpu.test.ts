import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { measureRoofline, ROOFLINE_SIZES } from "../../bench/harness/roofline/roofline.js";
import { Engine } from "../../src/engine/device/engine.js";
import { requestNodeDevice } from "../../src/node/device/adapters.js";
import { useEngine } from "../support/engine.js";

const MEBIBYTE = 2 ** 20;

describe("the roofline", () => {
  const gpu = useEngine();
  let plain: Engine;

  beforeAll(async () => {
    // A device with the limits that every WebGPU gives, and no features.
    plain = new Engine(await requestNodeDevice({}, () => ({})), true, gpu.engine.wait);
  });

  afterAll(() => plain?.dispose());

  it("of a GPU's sizes is measured to the end within the default limits, and within 512 MiB", async () => {
    const roofline = await measureRoofline(plain, ROOFLINE_SIZES.gpu, 1);
    expect(plain.memory.peak).toBeLessThanOrEqual(512 * MEBIBYTE);
    expect(plain.memory.bytes).toBe(0);
    const { arithmetic, cache, memory, skipped } = roofline;
    for (const { rate } of [arithmetic, cache, memory]) expect(rate).toBeGreaterThan(0);
    expect(cache.footprint).toBeLessThanOrEqual(8);
    expect(memory.footprint).toBe(256);
    expect(memory.how).toContain("copy of 128 MiB");
    // More workgroups than a device takes.
    expect(skipped.length).toBeGreaterThan(0);
    expect(skipped.join("\n")).toContain("takes one to three whole numbers of workgroups up to 65535");
  });

  it("goes on with smaller copies where the large ones do not fit", async () => {
    const sizes = { invocations: 1 << 10, cached: [1], large: 256 };
    const { memory, skipped } = await measureRoofline(plain, sizes, 1);
    expect(memory.footprint).toBe(256);
    expect(skipped.join("\n")).toContain("copy of 256 MiB: source [67108864] takes 256 MiB");
    expect(plain.memory.bytes).toBe(0);
  });
});
