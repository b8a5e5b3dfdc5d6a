import { gaussianKernel } from "../../../src/kernel/families/gaussian-kernel.js";
import { initialUpscaler } from "../../../src/train/upscaler/initial-upscaler.js";
import { UsrNet } from "../../../src/upscale/usrnet/usrnet.js";
import { testImage } from "../test-image.js";
import type { ScalingStudy } from "./scaling-study.js";

const SCALE = 2;

/** Upscaling as the result grows. Results of two megapixels or more are made in tiles. */
export const megapixels: ScalingStudy = {
  over: "upscaling by a USRNet of the packaged size: megapixels of the result",
  points: [0.25, 0.5, 1, 2, 4],
  measures: [
    { name: "whole", unit: "ms" },
    { name: "per megapixel", unit: "ms" },
  ],
  async prepare({ engine }, size) {
    // Its time does not depend on what the weights are.
    const net = await UsrNet.load(engine, initialUpscaler(0));
    const side = Math.round(Math.sqrt(size * 1e6) / SCALE);
    const image = testImage(side, side);
    const kernel = gaussianKernel({ lambda1: 3, lambda2: 1, theta: 0.5 });
    return {
      async sample() {
        const began = performance.now();
        await net.upscale(image, { kernel, scale: SCALE });
        const time = performance.now() - began;
        return [[time], [time / size]];
      },
      dispose: () => net.dispose(),
    };
  },
};
