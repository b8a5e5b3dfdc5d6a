import { boxMean } from "./box-mean.js";
import { zeroFrame } from "./frame.js";
import { total } from "./gradient-map.js";

/**
 * Probability of each pixel to be the center of a `crop`×`crop` patch: the gradient map's mean over a box of half that
 * size, zero where the patch would not fit, sum 1. Uniform over all pixels where nothing is left, for example in
 * an image just as large as the patch.
 * @param gradients `height · width` numbers of {@link gradientMap}; changed in place and returned.
 */
export function probabilityMap(
  gradients: Float64Array,
  height: number,
  width: number,
  crop: number,
): Float64Array {
  const half = Math.floor(crop / 2);
  boxMean(gradients, height, width, half);
  zeroFrame(gradients, height, width, half);
  const sum = total(gradients);
  if (sum === 0) return gradients.fill(1 / gradients.length);
  for (let i = 0; i < gradients.length; i++) gradients[i] /= sum;
  return gradients;
}
