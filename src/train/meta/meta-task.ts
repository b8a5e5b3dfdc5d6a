import { RandomStream } from "../../engine/random.js";
import { RANDOM_STREAMS } from "../../engine/random-streams.js";
import { FAKE_SIZE } from "../../estimate/adaptation/gan-step.js";
import { randomKernel } from "../../kernel/families/random-kernel.js";
import { CROP_SIZE, randomCrop, type TrainingImage } from "../training-image.js";
import { CHILD_SIZE } from "./meta-losses.js";
import type { MetaTask, SharpImage } from "./meta-step.js";

/** Numbers of windows that a task has. */
export interface TaskShape {
  readonly innerSteps: number;
  readonly evaluations: number;
}

/**
 * The task of a number (MetaKernelGAN, section 4.1). Crop, flips, kernel and windows depend on the seed and
 * the number alone, so that a resumed run continues as an unbroken one would.
 */
export function metaTask(
  images: readonly TrainingImage[],
  { innerSteps, evaluations }: TaskShape,
  seed: number,
  number: number,
): MetaTask<SharpImage> {
  const random = new RandomStream(seed, RANDOM_STREAMS.metaTask, number);
  const below = (limit: number): number => Math.floor(limit * random.uniform());
  const image = randomCrop(images[below(images.length)] as TrainingImage, random, CROP_SIZE);
  const kernel = randomKernel(random);
  const windows = (count: number): number[] =>
    Array.from({ length: 2 * count }, () => below(CHILD_SIZE - FAKE_SIZE + 1));
  return {
    images: { image },
    kernel: kernel.values,
    windows: windows(innerSteps),
    evaluationWindows: windows(evaluations),
  };
}
