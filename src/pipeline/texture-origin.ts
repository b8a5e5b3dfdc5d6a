import type { Pixel } from "../image/circular/roll-image.js";
import type { RgbImage } from "../image/rgb-image.js";

/** Values as whole numbers, whose sums do not depend on their order. */
const STEPS = 65535;

/**
 * A pixel of an image whose opposite sides meet that stays the same however the image is rolled: where the sums of the rows from there
 * on, and those of the columns, come last in lexicographic order.
 */
export function textureOrigin({ width, height, data }: RgbImage): Pixel {
  const rows = new Float64Array(height);
  const columns = new Float64Array(width);
  for (let i = 0; i < data.length; i++) {
    const value = Math.round(STEPS * data[i]);
    rows[Math.floor(i / width) % height] += value;
    columns[i % width] += value;
  }
  return { row: lastRotation(rows), column: lastRotation(columns) };
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
