import { MetaKernelGAN } from "../../../src/estimate/metakernelgan/metakernelgan.js";
import { testImage } from "../test-image.js";
import type { Job } from "./job.js";

const STEPS = 200;
const WIDTH = 512;
const HEIGHT = 384;
/** The first submissions overlap, so their steps are not timed one by one. */
const WARM_UP = 20;

/** The kernel of an image: patches are drawn, 200 steps run, and the result is read back. */
export const estimate: Job = {
  measures: [
    { name: `estimate of a ${WIDTH}×${HEIGHT} image, ${STEPS} steps`, unit: "ms" },
    { name: "one step of it", unit: "ms" },
  ],
  async prepare({ engine }) {
    const model = await MetaKernelGAN.load(engine, "random");
    const image = testImage(WIDTH, HEIGHT);
    return {
      async sample() {
        const steps: number[] = [];
        const start = performance.now();
        let last = { step: 0, time: start };
        await model.estimate(image, {
          steps: STEPS,
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
};
