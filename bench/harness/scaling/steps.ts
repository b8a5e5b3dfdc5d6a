import { MetaKernelGAN } from "../../../src/estimate/metakernelgan/metakernelgan.js";
import { testImage } from "../test-image.js";
import type { ScalingStudy } from "./scaling-study.js";

/** A whole estimate as its number of steps grows. */
export const steps: ScalingStudy = {
  over: "an estimate of a 512×384 image: steps",
  points: [25, 50, 100, 200, 400],
  measures: [
    { name: "whole", unit: "ms" },
    { name: "per step", unit: "ms" },
  ],
  async prepare({ engine }, count) {
    const model = await MetaKernelGAN.load(engine, "random");
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
