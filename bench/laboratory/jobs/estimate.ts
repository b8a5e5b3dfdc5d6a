import { RandomStream } from "../../../src/engine/random.js";
import { type RgbImage, rgbImage } from "../../../src/model/image.js";
import { MetaKernelGAN } from "../../../src/train/metakernelgan.js";
import type { Job } from "./job.js";

const STEPS = 200;
const WIDTH = 512;
const HEIGHT = 384;
/** Steps left out of the times of a step: the first submissions, whose waiting overlaps. */
const WARM_UP = 20;

/** The kernel of an image, by the public call: patches drawn, 200 steps, result read back. */
export const estimate: Job = {
  measures: [
    { name: `estimate of a ${WIDTH}×${HEIGHT} image, ${STEPS} steps`, unit: "ms" },
    { name: "of that, a step", unit: "ms" },
  ],
  async prepare({ engine }) {
    const model = MetaKernelGAN.load(engine);
    const image = testImage();
    return {
      async sample() {
        const steps: number[] = [];
        const start = performance.now();
        let last = { step: 0, time: start };
        await model.estimate(image, {
          steps: STEPS,
          onProgress: (step) => {
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

/** Edges of many directions, and noise. */
function testImage(): RgbImage {
  const random = new RandomStream(1, 0);
  const area = WIDTH * HEIGHT;
  const data = Float32Array.from({ length: 3 * area }, (_, i) => {
    const x = i % WIDTH;
    const y = Math.floor(i / WIDTH) % HEIGHT;
    const edges = Math.sin(x * x * 4e-4 + 0.02 * y) * Math.sin(y * y * 3e-4) > 0 ? 0.5 : 0.2;
    return edges + 0.2 * random.uniform();
  });
  return rgbImage(WIDTH, HEIGHT, data);
}
