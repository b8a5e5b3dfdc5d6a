import type { RandomStream } from "../../engine/random.js";
import { type BlurKernel, blurKernel } from "../blur-kernel.js";
import { shiftKernel } from "../kernel-shift.js";
import { normalizeKernel } from "../normalize-kernel.js";
import { gaussianValues, KERNEL_SIZE } from "./gaussian-kernel.js";
import { randomGaussian } from "./random-kernel.js";

const SCALE = 2;

/** Variances along the axes, in square pixels of the high-resolution grid. */
const VARIANCES = [0.6, 5] as const;

/** Each value is off by up to this part of itself. */
const NOISE = 0.25;

/** Center of the kernels from the middle of the first value: that of the natural grid. */
const CENTER = (KERNEL_SIZE - 1) / 2 + (SCALE - 1) / 2;

/**
 * A random 11×11 kernel for ×2 as in KernelGAN's own benchmark DIV2KRK (Bell-Kligler et al. 2019, section 5): a Gaussian with
 * variances uniform in [0.6, 5] and any angle, each value multiplied by a number uniform in [0.75, 1.25], then sum 1. Centered on 5.5,
 * the natural grid.
 */
export function randomDiv2krkKernel(random: RandomStream): BlurKernel<"correlation"> {
  const values = gaussianValues(randomGaussian(random, NOISE, VARIANCES));
  return normalizeKernel(blurKernel(shiftKernel(values, KERNEL_SIZE, SCALE, CENTER), SCALE));
}
