import { MetaKernelGAN } from "../../../src/estimate/metakernelgan/metakernelgan.js";
import { testImage } from "../test-image.js";
import type { Growth } from "./growth.js";

/** A whole estimate by its number of steps. */
export const steps: Growth = {
  over: "an estimate of a 512×384 image: steps",
  points: [25, 50, 100, 200, 400],
  measures: [
    { name: "all", unit: "ms" },
    { name: "a step of it", unit: "ms" },
  ],
  async prepare({ engine }, count) {
    const model = await MetaKernelGAN.load(engine);
    const image = testImage(512, 384);
    return {
      async sample() {
        const began = performance.now();
        await model.estimate(image, { steps: count });
        const time = performance.now() - began;
        return [[time], [time / count]];
      },
    };
  },
};
