import { gaussianKernel } from "../../../src/kernel/families/gaussian-kernel.js";
import { initialPhotosNetwork } from "../../../src/train/guided/initial-photos.js";
import { initialUpscaler } from "../../../src/train/upscaler/initial-upscaler.js";
import { FourierUpscaler } from "../../../src/upscale/fourier/fourier-upscaler.js";
import { GuidedUpscaler } from "../../../src/upscale/guided/guided-upscaler.js";
import { UsrNet } from "../../../src/upscale/usrnet/usrnet.js";
import { testImage } from "../test-image.js";
import type { Job } from "./job.js";

const SCALE = 2;
/** Dimensions of the packaged network for photos at ×2. */
const PACKAGED = { scale: SCALE, channels: 32, blocks: [6, 1] };

/** From an image and its kernel to one of twice its width and height. */
export const upscale = (width: number, height: number): Job => ({
  measures: [
    "a USRNet of the packaged size",
    "the closed form",
    "a network for photos of the packaged size",
  ].map((name) => ({
    name: `upscaling to ${width * SCALE}×${height * SCALE} by ${name}, per megapixel`,
    unit: "ms",
  })),
  async prepare({ engine }) {
    // Its time does not depend on what the weights are.
    const upscalers = [
      await UsrNet.load(engine, initialUpscaler(0)),
      await FourierUpscaler.load(engine),
      await GuidedUpscaler.load(engine, initialPhotosNetwork(0, PACKAGED)),
    ];
    const megapixels = (width * height * SCALE ** 2) / 1e6;
    const image = testImage(width, height);
    const options = { kernel: gaussianKernel({ lambda1: 3, lambda2: 1, theta: 0.5 }), scale: SCALE } as const;
    return {
      async sample() {
        const times: number[] = [];
        for (const upscaler of upscalers) {
          const start = performance.now();
          await upscaler.upscale(image, options);
          times.push((performance.now() - start) / megapixels);
        }
        return times.map((time) => [time]);
      },
      dispose: () => {
        for (const upscaler of upscalers) upscaler.dispose();
      },
    };
  },
});
