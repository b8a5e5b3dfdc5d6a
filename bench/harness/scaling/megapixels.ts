import { gaussianKernel } from "../../../src/kernel/families/gaussian-kernel.js";
import { initialUpscaler } from "../../../src/train/upscaler/initial-upscaler.js";
import { UsrNet } from "../../../src/upscale/usrnet.js";
import { testImage } from "../test-image.js";
import type { Growth } from "./growth.js";

const SCALE = 2;

/** An upscaling by the pixels of its result; from two megapixels on it goes in tiles. */
export const megapixels: Growth = {
  over: "upscaling by a USRNet as small as the packaged one: megapixels of the result",
  points: [0.25, 0.5, 1, 2, 4],
  measures: [
    { name: "all", unit: "ms" },
    { name: "a megapixel of it", unit: "ms" },
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
