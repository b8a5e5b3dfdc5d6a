import { at, generate, type NdArray } from "./nd-array.js";

/** What the guided network sees of small [N, 3, h, w] and its guesses [N, 3, s·h, s·w]. */
export function guidedPlanes(small: NdArray, guesses: readonly NdArray[], scale: number): NdArray {
  const [N = 0, , h = 0, w = 0] = small.shape;
  return generate([N, 3 + guesses.length * 3 * scale ** 2, h, w], (n, channel, row, column) => {
    if (channel < 3) return at(small, n, channel, row, column) - 0.5;
    const part = channel - 3;
    const guess = guesses[Math.floor(part / (3 * scale ** 2))] as NdArray;
    const color = Math.floor(part / scale ** 2) % 3;
    const [i, j] = [Math.floor((part % scale ** 2) / scale), part % scale];
    return 4 * (at(guess, n, color, scale * row + i, scale * column + j) - at(small, n, color, row, column));
  });
}

/** The guided network's picture of its planes x [N, 3·s², h, w]. */
export function guidedPicture(
  x: NdArray,
  small: NdArray,
  guesses: readonly NdArray[],
  gates: NdArray,
  scale: number,
  [down, right]: readonly [number, number] = [0, 0],
): NdArray {
  const [N = 0, , h = 0, w = 0] = small.shape;
  const [H, W] = [scale * h, scale * w];
  return generate([N, 3, H, W], (n, c, movedRow, movedColumn) => {
    const row = (((movedRow - down) % H) + H) % H;
    const column = (((movedColumn - right) % W) + W) % W;
    const base = bicubic(small, n, c, (row + 0.5) / scale - 0.5, (column + 0.5) / scale - 0.5);
    const channel = (c * scale + (row % scale)) * scale + (column % scale);
    const added = at(x, n, channel, Math.floor(row / scale), Math.floor(column / scale));
    return guesses.reduce(
      (sum, guess, i) => sum + at(gates, n, i) * (at(guess, n, c, row, column) - base),
      base + added,
    );
  });
}

/** Keys's cubic of slope −¾, borders repeated. */
function bicubic(image: NdArray, n: number, c: number, down: number, right: number): number {
  const [, , h = 0, w = 0] = image.shape;
  const cubic = (x: number): number => {
    const t = Math.abs(x);
    if (t <= 1) return 1.25 * t ** 3 - 2.25 * t ** 2 + 1;
    return t < 2 ? -0.75 * (t ** 3 - 5 * t ** 2 + 8 * t - 4) : 0;
  };
  const inside = (place: number, length: number): number => Math.min(Math.max(place, 0), length - 1);
  let sum = 0;
  for (let row = Math.floor(down) - 1; row <= Math.floor(down) + 2; row++) {
    for (let column = Math.floor(right) - 1; column <= Math.floor(right) + 2; column++) {
      const pixel = at(image, n, c, inside(row, h), inside(column, w));
      sum += cubic(down - row) * cubic(right - column) * pixel;
    }
  }
  return sum;
}
