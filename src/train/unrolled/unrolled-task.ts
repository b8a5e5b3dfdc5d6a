import { RandomStream } from "../../engine/random.js";
import { randomKernel } from "../../model/degradation/random-kernel.js";
import type { RgbImage } from "../../model/image.js";
import { samplePatches } from "../../model/patches/sample-patches.js";
import { PATCH_SIZE } from "../patch-source.js";
import type { TaskShape } from "../tasks.js";
import { randomCrop, type TrainingImage } from "../training-image.js";

const TASK_STREAM = 1005;

/** Side length of the sharp crop that a task is made of: large enough for an adaptation to see different things in it. */
export const UNROLLED_CROP_SIZE = 320;

/** An image whose blur is known, and where in it an adaptation looks. */
export interface UnrolledTask {
  /** Sharp, 320×320; the GPU blurs and halves it. */
  readonly image: RgbImage;
  /** The 11×11 kernel, row by row. */
  readonly kernel: ArrayLike<number>;
  /** [inner steps, 2]: top and left of each step's 64×64 patch in the blurred image, even. */
  readonly corners: ArrayLike<number>;
}

/**
 * The task of a number: crop, flips, kernel and patches depend on the seed and the number alone. The patches are drawn as an
 * estimate draws them, mostly where the image has strong gradients, so that training is like use.
 */
export function unrolledTask(
  images: readonly TrainingImage[],
  { innerSteps }: TaskShape,
  seed: number,
  number: number,
): UnrolledTask {
  const random = new RandomStream(seed, TASK_STREAM, number);
  const source = images[Math.floor(images.length * random.uniform())] as TrainingImage;
  const image = randomCrop(source, random, UNROLLED_CROP_SIZE);
  const kernel = randomKernel(random);
  const sharp = samplePatches(image, { count: innerSteps, size: 2 * PATCH_SIZE, random });
  return {
    image,
    kernel: kernel.values,
    corners: Int32Array.from(sharp, (place) => 2 * Math.floor(place / 4)),
  };
}
