/**
 * Peak signal-to-noise ratio in dB, `10 log10(peak² / mean squared difference)`; infinite for equal values.
 * @param values as many as in `truth`.
 */
export function psnr(values: ArrayLike<number>, truth: ArrayLike<number>, peak: number): number {
  let sum = 0;
  for (let i = 0; i < truth.length; i++) sum += (values[i] - truth[i]) ** 2;
  return 10 * Math.log10((peak * peak * truth.length) / sum);
}
