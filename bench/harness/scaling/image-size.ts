import { MetaKernelGAN } from "../../../src/estimate/metakernelgan/metakernelgan.js";
import { testImage } from "../test-image.js";
import type { Growth } from "./growth.js";

const STEPS = 60;

/** An adaptation by the size of its image: of the image it sees patches of one size. */
export const imageSize: Growth = {
  over: "an adaptation: side of the image, pixels",
  points: [256, 512, 1024, 2048, 3072],
  measures: [
    { name: "a step", unit: "ms" },
    { name: "before the first step", unit: "ms" },
  ],
  async prepare({ engine }, side) {
    const model = await MetaKernelGAN.load(engine);
    const image = testImage(side, side);
    return {
      async sample() {
        const began = performance.now();
        let adapting = began;
        await model.estimate(image, {
          steps: STEPS,
          onProgress: ({ done }) => {
            if (done === 0) adapting = performance.now();
          },
        });
        return [[(performance.now() - adapting) / STEPS], [adapting - began]];
      },
    };
  },
};
