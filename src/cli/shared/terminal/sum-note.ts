import type { BlurKernel } from "../../../kernel/blur-kernel.js";
import { kernelSum } from "../../../kernel/normalize-kernel.js";

/** A kernel with a sum this near to 1 is divided by it without a word. */
const SAID = 0.01;

/** That a kernel is divided by its sum, in a sentence; undefined if that changes little. */
export function sumNote(what: string, kernel: BlurKernel): string | undefined {
  const sum = kernelSum(kernel);
  if (Math.abs(sum - 1) <= SAID) return undefined;
  return `${what} sums to ${Number(sum.toPrecision(4))}; it is divided by that, so that the picture is as bright as the photo.`;
}
