import { mirror } from "../../../image/mirror.js";

/** Standard deviations that are kept of a Gaussian's tails. */
const TAILS = 3;

/** A plane smoothed by a Gaussian, mirrored at its borders. */
export function smoothed(plane: Float32Array, width: number, height: number, sigma: number): Float32Array {
  const half = Math.ceil(TAILS * sigma);
  const weights = Array.from({ length: 2 * half + 1 }, (_, i) =>
    Math.exp(-((i - half) ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const across = new Float32Array(plane.length);
  const out = new Float32Array(plane.length);
  weights.forEach((weight, i) => {
    for (let x = 0; x < width; x++) {
      const source = mirror(x + i - half, width);
      for (let y = 0; y < height; y++) across[y * width + x] += (weight / sum) * plane[y * width + source];
    }
  });
  weights.forEach((weight, i) => {
    for (let y = 0; y < height; y++) {
      const source = mirror(y + i - half, height) * width;
      for (let x = 0; x < width; x++) out[y * width + x] += (weight / sum) * across[source + x];
    }
  });
  return out;
}
