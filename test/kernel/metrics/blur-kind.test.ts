import { describe, expect, it } from "vitest";
import { gaussianKernel } from "../../../src/kernel/families/gaussian-kernel.js";
import { lensKernel } from "../../../src/kernel/families/lens-kernel.js";
import { diskKernel, motionKernel } from "../../../src/kernel/families/motion-and-disk-kernels.js";
import { blurKind } from "../../../src/kernel/metrics/blur-kind.js";
import { naturalKernel } from "../../../src/kernel/natural-kernel.js";

/** How far the profiles of these kernels reach beyond the radius, and beyond each end of the line, until they have half of their height. */
const SOFT_EDGE = 0.6 * Math.sqrt(2 * Math.log(2));

describe("the kind of a blur", () => {
  it.each([2.5, 3, 3.5])("sees a disk of radius %d", (radius) => {
    const kind = blurKind(diskKernel(radius));
    expect(kind?.kind).toBe("disk");
    if (kind?.kind === "disk") expect(Math.abs(kind.radius - radius - SOFT_EDGE)).toBeLessThan(0.3);
  });

  it("sees a wide disk on a larger grid, with a sensor's mean", () => {
    const kernel = naturalKernel(lensKernel({ shape: { kind: "disk", radius: 6 }, lens: 0.6 }), 2);
    const kind = blurKind(kernel);
    expect(kind?.kind).toBe("disk");
    if (kind?.kind === "disk") expect(Math.abs(kind.radius - 6)).toBeLessThan(0.5);
  });

  it.each([
    [5, 0, 0],
    [7, Math.PI / 6, 150],
    [6, Math.PI / 2, 90],
  ])("sees a motion of length %d at %d rad", (length, theta, degrees) => {
    const kind = blurKind(motionKernel(length, theta));
    expect(kind?.kind).toBe("motion");
    if (kind?.kind !== "motion") return;
    expect(Math.abs(kind.length - length - 2 * SOFT_EDGE)).toBeLessThan(0.3);
    // 0° and 180° are one.
    const off = Math.abs(kind.degrees - degrees);
    expect(Math.min(off, 180 - off)).toBeLessThan(3);
  });

  it.each([
    [2, 2, 0],
    [4, 1, 1],
    [0.5, 0.5, 0],
  ])("sees neither in a Gaussian of variances %d and %d", (lambda1, lambda2, theta) => {
    expect(blurKind(gaussianKernel({ lambda1, lambda2, theta }))).toBeUndefined();
  });
});
