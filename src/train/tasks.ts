import { RandomStream } from "../engine/random.js";
import { randomKernel } from "../model/degradation/random-kernel.js";
import { FAKE_SIZE } from "./gan-step.js";
import { CROP_SIZE, SON_SIZE } from "./meta-evaluation.js";
import type { MetaTask, SharpImage } from "./meta-step.js";
import { randomCrop, type TrainingImage } from "./training-image.js";

const TASK_STREAM = 1002;

/** How many windows a task needs. */
export interface TaskShape {
  readonly innerSteps: number;
  readonly evaluations: number;
}

/**
 * The task of a number: crop, flips, kernel and windows depend on the seed and the number alone, so a resumed run goes on
 * as an unbroken one would (MetaKernelGAN, section 4.1).
 */
export function metaTask(
  images: readonly TrainingImage[],
  { innerSteps, evaluations }: TaskShape,
  seed: number,
  number: number,
): MetaTask<SharpImage> {
  const random = new RandomStream(seed, TASK_STREAM, number);
  const below = (limit: number): number => Math.floor(limit * random.uniform());
  const image = randomCrop(images[below(images.length)] as TrainingImage, random, CROP_SIZE);
  const kernel = randomKernel(random);
  const windows = (count: number): number[] =>
    Array.from({ length: 2 * count }, () => below(SON_SIZE - FAKE_SIZE + 1));
  return {
    images: { image },
    kernel: kernel.values,
    windows: windows(innerSteps),
    evaluationWindows: windows(evaluations),
  };
}
