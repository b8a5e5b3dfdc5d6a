import { MetaKernelGAN } from "../../../src/estimate/metakernelgan/metakernelgan.js";
import { testImage } from "../test-image.js";
import type { Job } from "./job.js";

/** The first submissions overlap, so their steps are not timed one by one. */
const WARM_UP = 20;

/** The kernel of an image: patches are drawn, steps run, and the result is read back. */
export const estimate = (width: number, height: number, count: number): Job => ({
  measures: [
    { name: `estimate of a ${width}×${height} image, ${count} steps`, unit: "ms" },
    { name: "one step of it", unit: "ms" },
  ],
  async prepare({ engine }) {
    const model = await MetaKernelGAN.load(engine, "random");
    const image = testImage(width, height);
    return {
      async sample() {
        const steps: number[] = [];
        const start = performance.now();
        let last = { step: 0, time: start };
        await model.estimate(image, {
          steps: count,
          onProgress: ({ done: step }) => {
            const time = performance.now();
            if (last.step >= WARM_UP) steps.push((time - last.time) / (step - last.step));
            last = { step, time };
          },
        });
        return [[performance.now() - start], steps];
      },
    };
  },
});
