import { kindOf } from "../engine/kind-of.js";
import type { BlurKernel } from "../kernel/blur-kernel.js";
import { kernelSum } from "../kernel/normalize-kernel.js";
import { UpscaleError } from "./errors.js";
import { MAX_SIGMA } from "./sigma/max-sigma.js";
import type { UpscaleOptions } from "./upscaler.js";

/**
 * Checks that there are options with a kernel.
 * @throws {UpscaleError} if there are none.
 */
export function assertUpscaleOptions(options: UpscaleOptions): void {
  if (options?.kernel?.values) return;
  throw new UpscaleError(`An upscaler needs { kernel, scale }; got ${kindOf(options?.kernel ?? options)}.`);
}

/** @throws {UpscaleError} if a value is no noise level that an upscaler can be told. */
export function assertSigma(sigma: number): void {
  if (typeof sigma === "number" && sigma >= 0 && sigma <= MAX_SIGMA) return;
  throw new UpscaleError(`Sigma must be from 0 to ${MAX_SIGMA}, in 255ths; got ${kindOf(sigma)}.`);
}

/** @throws {UpscaleError} if a kernel's values cannot be divided by their sum. */
export function assertSum(kernel: BlurKernel): void {
  const sum = kernelSum(kernel);
  if (Number.isFinite(sum) && Math.abs(sum) > 0.01) return;
  throw new UpscaleError(`The kernel sums to ${sum.toFixed(3)}; give one that sums to 1.`);
}
