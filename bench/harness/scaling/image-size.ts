import { MetaKernelGAN } from "../../../src/estimate/metakernelgan/metakernelgan.js";
import { testImage } from "../test-image.js";
import type { ScalingStudy } from "./scaling-study.js";

const STEPS = 60;

/** An adaptation as the image grows. Its patches keep their size. */
export const imageSize: ScalingStudy = {
  over: "an adaptation: side of the image, pixels",
  points: [256, 512, 1024, 2048, 3072],
  measures: [
    { name: "per step", unit: "ms" },
    { name: "before the first step", unit: "ms" },
  ],
  async prepare({ engine }, side) {
    const model = await MetaKernelGAN.load(engine, "random");
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
