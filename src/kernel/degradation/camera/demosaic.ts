import { mirror } from "../../../image/mirror.js";
import { type RgbImage, rgbImage } from "../../../image/rgb-image.js";
import { type BayerPhase, bayerColor, GREEN } from "./bayer.js";

/** How the two colors that a pixel did not see are made up. */
export type Demosaic = "malvar" | "bilinear";

/** A filter: rows, columns and weights around a pixel. */
type Filter = readonly (readonly [down: number, right: number, weight: number])[];

/** The filters for a color, by where the pixel's neighbors of that color are. */
interface Filters {
  /** Green where red or blue was seen. */
  readonly cross: Filter;
  /** Red or blue at green, its neighbors left and right. */
  readonly horizontal: Filter;
  /** Blue at red, or red at blue. */
  readonly diagonal: Filter;
}

/** Malvar, He and Cutler, "High-quality linear interpolation for demosaicing of Bayer-patterned color images", 2004. */
const MALVAR: Filters = {
  cross: filter([
    [0, 0, -1, 0, 0],
    [0, 0, 2, 0, 0],
    [-1, 2, 4, 2, -1],
    [0, 0, 2, 0, 0],
    [0, 0, -1, 0, 0],
  ]),
  horizontal: filter([
    [0, 0, 0.5, 0, 0],
    [0, -1, 0, -1, 0],
    [-1, 4, 5, 4, -1],
    [0, -1, 0, -1, 0],
    [0, 0, 0.5, 0, 0],
  ]),
  diagonal: filter([
    [0, 0, -1.5, 0, 0],
    [0, 2, 0, 2, 0],
    [-1.5, 0, 6, 0, -1.5],
    [0, 2, 0, 2, 0],
    [0, 0, -1.5, 0, 0],
  ]),
};

const BILINEAR: Filters = {
  cross: filter([
    [0, 1, 0],
    [1, 0, 1],
    [0, 1, 0],
  ]),
  horizontal: filter([
    [0, 0, 0],
    [1, 0, 1],
    [0, 0, 0],
  ]),
  diagonal: filter([
    [1, 0, 1],
    [0, 0, 0],
    [1, 0, 1],
  ]),
};

/** Makes an image of a mosaic's values, which is mirrored at the borders. Values may leave [0, 1]. */
export function demosaic(
  values: Float32Array,
  width: number,
  height: number,
  phase: BayerPhase,
  method: Demosaic,
): RgbImage {
  const { cross, horizontal, diagonal } = method === "malvar" ? MALVAR : BILINEAR;
  const vertical: Filter = horizontal.map(([down, right, weight]) => [right, down, weight]);
  const pixels = width * height;
  const data = new Float32Array(3 * pixels);
  const apply = (taps: Filter, y: number, x: number): number => {
    let sum = 0;
    for (const [down, right, weight] of taps) {
      sum += weight * values[mirror(y + down, height) * width + mirror(x + right, width)];
    }
    return sum;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const seen = bayerColor(y, x, phase);
      const beside = bayerColor(y, x + 1, phase);
      for (const color of [0, 1, 2] as const) {
        const place = color * pixels + y * width + x;
        if (color === seen) data[place] = values[y * width + x];
        else if (color === GREEN) data[place] = apply(cross, y, x);
        else if (seen !== GREEN) data[place] = apply(diagonal, y, x);
        else data[place] = apply(color === beside ? horizontal : vertical, y, x);
      }
    }
  }
  return rgbImage(width, height, data);
}

/** A square of weights, divided by their sum; zeros are left out. */
function filter(rows: readonly (readonly number[])[]): Filter {
  const half = (rows.length - 1) / 2;
  const sum = rows.flat().reduce((total, weight) => total + weight, 0);
  return rows.flatMap((row, y) =>
    row.flatMap((weight, x) => (weight === 0 ? [] : [[y - half, x - half, weight / sum] as const])),
  );
}
