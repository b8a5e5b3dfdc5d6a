import type { Pixel } from "../image/circular/roll-image.js";
import type { RgbImage } from "../image/rgb-image.js";
import { wrap } from "../image/wrap.js";

/** Values as whole numbers, whose sums do not depend on their order. */
const STEPS = 65535;

/**
 * A pixel of an image whose opposite sides meet that stays the same however the image is rolled. It lies in the row from which on the
 * rows' sums come last in lexicographic order, differences to the row below included, which tell the rows of checks apart. And it lies in
 * the column from which on weighted sums of the columns do, the weights counted from that row: where rows are rolled copies of each other,
 * as in diagonal stripes, any row serves, and plain sums of columns are equal.
 */
export function textureOrigin({ width, height, data }: RgbImage): Pixel {
  const values = data.map((value) => Math.round(STEPS * value));
  const rows = new Float64Array(height);
  for (let i = 0; i < values.length; i++) {
    const y = Math.floor(i / width) % height;
    const below = y === height - 1 ? i - (height - 1) * width : i + width;
    rows[y] += values[i] + 3 * Math.abs(values[i] - values[below]);
  }
  const row = lastRotation(rows);
  const columns = new Float64Array(width);
  for (let i = 0; i < values.length; i++) {
    columns[i % width] += weight(wrap((Math.floor(i / width) % height) - row, height)) * values[i];
  }
  return { row, column: lastRotation(columns) };
}

/** Whole numbers without a period in any image: their sums are exact, too. */
function weight(place: number): number {
  return 1 + ((31 * place ** 2 + 17 * place) % 1021);
}

/** Where the rotation of a sequence begins that comes last in lexicographic order; the first such place of a periodic one. */
function lastRotation(sums: Float64Array): number {
  const { length } = sums;
  let best = 0;
  for (let start = 1; start < length; start++) {
    for (let i = 0; i < length; i++) {
      const difference = sums[(start + i) % length] - sums[(best + i) % length];
      if (difference > 0) best = start;
      if (difference !== 0) break;
    }
  }
  return best;
}
