import type { RgbImage } from "../../../image/rgb-image.js";

/** Where the mosaic begins: whether its first red pixel is in row 1 instead of 0, and in column 1 instead of 0. */
export type BayerPhase = readonly [row: 0 | 1, column: 0 | 1];

const RED = 0;
export const GREEN = 1;
const BLUE = 2;

/** Which color a sensor's pixel sees: red and blue each in one of 2×2, green in two. */
export function bayerColor(row: number, column: number, phase: BayerPhase): 0 | 1 | 2 {
  const [y, x] = [(row + phase[0]) & 1, (column + phase[1]) & 1];
  if (y !== x) return GREEN;
  return y === 0 ? RED : BLUE;
}

/** What a sensor behind a Bayer mosaic sees of an image: one value a pixel, row by row. */
export function mosaic({ width, height, data }: RgbImage, phase: BayerPhase): Float32Array {
  const pixels = width * height;
  return Float32Array.from({ length: pixels }, (_, i) => {
    const color = bayerColor(Math.floor(i / width), i % width, phase);
    return data[color * pixels + i];
  });
}
