import { at, generate, type NdArray } from "./nd-array.js";

/** The square window of a source [C, H, W] at scale · (top, left). */
export function crop(
  source: NdArray,
  [top, left]: readonly [number, number],
  size: number,
  scale = 1,
): NdArray {
  return generate([source.shape[0] as number, size, size], (c, y, x) =>
    at(source, c, scale * top + y, scale * left + x),
  );
}
