/** How a density is sampled. */
export interface Sampling {
  /** Side of the square, in pixels. */
  readonly size: number;
  /** Points of a pixel along each axis, over which a value is the sum. */
  readonly fine: number;
  /** Where the density's middle lies on both axes, in pixels from the square's edge. */
  readonly middle: number;
}

/**
 * Values of a density on a square, row by row.
 * @param theta angle in radians from the column direction to the density's first axis, toward increasing rows.
 * @param density at so many pixels from its middle along its first and its second axis.
 */
export function sampledValues(
  { size, fine, middle }: Sampling,
  theta: number,
  density: (along: number, across: number) => number,
): Float64Array {
  const [cos, sin] = [Math.cos(theta), Math.sin(theta)];
  const values = new Float64Array(size ** 2);
  const offset = (i: number): number => (i + 0.5) / fine - middle;
  for (let y = 0; y < size * fine; y++) {
    const down = offset(y);
    for (let x = 0; x < size * fine; x++) {
      const right = offset(x);
      const value = density(cos * right + sin * down, cos * down - sin * right);
      values[Math.floor(y / fine) * size + Math.floor(x / fine)] += value;
    }
  }
  return values;
}
