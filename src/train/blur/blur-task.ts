import { RandomStream } from "../../engine/random.js";
import { RANDOM_STREAMS } from "../../engine/random-streams.js";
import { PATCH_SIZE } from "../../estimate/adaptation/patch-source.js";
import type { RgbImage } from "../../image/rgb-image.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { randomKernel } from "../../kernel/families/random-kernel.js";
import { KERNEL_MARGIN } from "../../model/gan/generator.js";
import { randomCrop, type TrainingImage } from "../training-image.js";

/**
 * Side length of the sharp crop that becomes a patch: twice the patch and the margin that the kernel reaches.
 */
export const SHARP_SIZE = 2 * (PATCH_SIZE + KERNEL_MARGIN);

/** A real and a fake patch with known blurs. */
export interface BlurTask {
  /** Sharp; the GPU blurs and halves it to the 64×64 patch. */
  readonly image: RgbImage;
  /** The 11×11 kernel of the real patch. */
  readonly real: BlurKernel<"correlation">;
  /** The 11×11 kernel with which the real patch is blurred and halved once more to the fake one. */
  readonly fake: BlurKernel<"correlation">;
}

/** The task of a number; it depends on the seed and the number alone. */
export function blurTask(images: readonly TrainingImage[], seed: number, number: number): BlurTask {
  const random = new RandomStream(seed, RANDOM_STREAMS.blurTask, number);
  const source = images[Math.floor(images.length * random.uniform())] as TrainingImage;
  const image = randomCrop(source, random, SHARP_SIZE);
  return { image, real: randomKernel(random), fake: randomKernel(random) };
}
