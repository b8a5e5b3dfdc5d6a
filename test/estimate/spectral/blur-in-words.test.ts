import { describe, expect, it } from "vitest";
import { blurInWords } from "../../../src/estimate/spectral/blur-in-words.js";
import type { BlurKernel } from "../../../src/kernel/blur-kernel.js";
import type { BlurShape } from "../../../src/kernel/families/blur-shape.js";
import { gaussianKernel } from "../../../src/kernel/families/gaussian-kernel.js";
import { lensKernel } from "../../../src/kernel/families/lens-kernel.js";
import { diskKernel, motionKernel } from "../../../src/kernel/families/motion-and-disk-kernels.js";
import { naturalKernel } from "../../../src/kernel/natural-kernel.js";

const words = (kernel: BlurKernel, gaussian: number, error = 0.4) =>
  blurInWords({ kernel, uncertainty: { error }, photo: { gaussian } });

/** A blur as a camera's sensor sees it. */
const taken = (shape: BlurShape) => naturalKernel(lensKernel({ shape, lens: 0.6 }), 2);

describe("a blur in plain words", () => {
  it.each([
    ["a paper's disk", diskKernel(3), /^out of focus, radius 3\.\d px$/],
    ["an open aperture", taken({ kind: "disk", radius: 5 }), /^out of focus, radius 5\.\d px$/],
    [
      "a closed aperture",
      taken({ kind: "polygon", radius: 6, corners: 6, angle: 0.3 }),
      /^out of focus, radius 5\.\d px$/,
    ],
    ["a paper's motion", motionKernel(6, Math.PI / 6), /^shaken, 7 px along 150°$/],
    [
      "a shake",
      taken({ kind: "motion", length: 12, angle: (-30 / 180) * Math.PI, bend: 0 }),
      /^shaken, 12 px along 30°$/,
    ],
    [
      "a bent shake",
      taken({ kind: "motion", length: 12, angle: (-30 / 180) * Math.PI, bend: 0.5 }),
      /^shaken, 12 px along \d+°$/,
    ],
  ])("of %s", (_, kernel, expected) => {
    expect(words(kernel, 0)).toMatch(expected);
    expect(words(kernel, 0.5), "if the network is not sure").toBeUndefined();
  });

  it.each([
    [2, 2, 0],
    [3.5, 1.5, 1],
  ])("of a Gaussian of variances %d and %d", (lambda1, lambda2, theta) => {
    const kernel = gaussianKernel({ lambda1, lambda2, theta });
    expect(words(kernel, 0.9)).toBe("a soft lens");
    expect(words(kernel, 0.5)).toBeUndefined();
    expect(words(kernel, 0), "a camera's blur, neither flat nor the paper's").toBeUndefined();
  });

  it("says nothing of a sharp photo, nor of a Gaussian that is long", () => {
    expect(words(gaussianKernel({ lambda1: 1, lambda2: 1, theta: 0 }), 0.9)).toBeUndefined();
    expect(words(gaussianKernel({ lambda1: 5, lambda2: 0.8, theta: 1 }), 0.9)).toBeUndefined();
  });

  it("calls nothing out of focus whose likely error is large for its width", () => {
    const kernel = taken({ kind: "disk", radius: 5 });
    expect(words(kernel, 0, 1.5)).toMatch(/^out of focus/);
    expect(words(kernel, 0, 2.5)).toBeUndefined();
  });

  it("says nothing where no network read the kind of photo", () => {
    expect(blurInWords({ kernel: diskKernel(3), uncertainty: { error: 0.4 } })).toBeUndefined();
  });
});
