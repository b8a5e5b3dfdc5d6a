import { at, generate, type NdArray } from "./nd-array.js";

/**
 * The square window of a source [C, H, W] at scale · (top, left), and a margin around it from a source that
 * goes round.
 */
export function crop(
  source: NdArray,
  [top, left]: readonly [number, number],
  size: number,
  scale = 1,
  margin = 0,
): NdArray {
  const [C = 0, H = 0, W = 0] = source.shape;
  const side = size + 2 * margin;
  return generate([C, side, side], (c, y, x) =>
    at(source, c, (scale * top + y - margin + H) % H, (scale * left + x - margin + W) % W),
  );
}
