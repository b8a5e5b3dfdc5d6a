import { describe, expect, it } from "vitest";
import { blurKernel, flipKernel } from "../../../src/kernel/blur-kernel.js";
import { KernelError } from "../../../src/kernel/errors.js";
import { decodeKernel, encodeKernel, KERNEL_FORMATS } from "../../../src/kernel/formats/kernel-format.js";

const KERNEL = blurKernel(
  Array.from({ length: 121 }, (_, i) => (i + 1) / ((121 * 122) / 2)),
  2,
);

describe("kernel files", () => {
  it.each(KERNEL_FORMATS)("come back from %s", async (format) => {
    const bytes = encodeKernel(KERNEL, format);
    expect(bytes).toBeInstanceOf(Uint8Array);
    expect(await decodeKernel(bytes, `a.kernel.${format.toUpperCase()}`, { scale: 2 })).toEqual(KERNEL);
  });

  it("keep scale and orientation in JSON, and have them from the caller in others", async () => {
    const flipped = flipKernel(KERNEL);
    expect(await decodeKernel(encodeKernel(flipped, "json"), "k.json")).toEqual(flipped);
    const options = { scale: 4, orientation: "convolution" } as const;
    expect(await decodeKernel(encodeKernel(KERNEL, "npy"), "k.npy", options)).toMatchObject(options);
  });

  it("of any sum above 0 are read: an unfinished adaptation's, too", async () => {
    for (const factor of [0.3, 0.96, 2]) {
      const kernel = { ...KERNEL, values: KERNEL.values.map((value) => factor * value) };
      expect(await decodeKernel(encodeKernel(kernel, "npy"), "k.npy", { scale: 2 })).toEqual(kernel);
    }
  });

  it("are not written in a format that there is not", () => {
    for (const format of ["png", "bmp", undefined]) {
      expect(() => encodeKernel(KERNEL, format as "npy")).toThrow(KernelError);
      expect(() => encodeKernel(KERNEL, format as "npy")).toThrow(`npy, mat or json; got ${format}.`);
    }
  });

  it("are refused by reason", async () => {
    const json = (kernel: typeof KERNEL) =>
      decodeKernel(encodeKernel(kernel, "json"), "k.json", { scale: 2 });
    const values = KERNEL.values.map((value) => value - 1 / KERNEL.values.length);
    const npy = (first: number) =>
      decodeKernel(encodeKernel({ ...KERNEL, values: KERNEL.values.with(0, first) }, "npy"), "k.npy", {
        scale: 2,
      });
    for (const [decoding, message] of [
      [decodeKernel(new Uint8Array(), "k.csv"), /read from a .npy, .mat or .json file/],
      [decodeKernel(encodeKernel(KERNEL, "mat"), "k.mat"), /which scale its kernel is for; give the scale/],
      [json({ ...KERNEL, scale: 4 }), /for ×4, not ×2/],
      [json({ ...KERNEL, values }), /this one sums to -?[\d.e-]+\.$/],
      [npy(Number.NaN), /not finite/],
      [npy(Infinity), /not finite/],
      [json(blurKernel([1000, -1000, 0, 0, 1, 0, 0, 0, 0], 2)), /without their signs they sum to 2001 times/],
      [json(blurKernel([40, -40, 0, 0, 1, 0, 0, 0, 0], 2)), /center of mass lies outside it, 40 pixels from/],
    ] as const) {
      await expect(decoding).rejects.toThrow(KernelError);
      await expect(decoding).rejects.toThrow(message);
    }
  });
});
