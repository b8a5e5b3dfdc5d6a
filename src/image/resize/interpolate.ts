/** Two places of a side of an image, of which a pixel is made, and the part of the second. */
export interface Mixture {
  readonly first: number;
  readonly second: number;
  readonly share: number;
}

/**
 * Makes every pixel of four others: of two rows and two columns.
 * @param planes any number of planes, one after the other.
 * @param rows,columns of the result.
 */
export function interpolate(
  planes: Float32Array | Float64Array,
  { width, height }: { readonly width: number; readonly height: number },
  rows: readonly Mixture[],
  columns: readonly Mixture[],
): Float32Array {
  const area = width * height;
  const result = new Float32Array((planes.length / area) * rows.length * columns.length);
  let i = 0;
  for (let start = 0; start < planes.length; start += area) {
    for (const row of rows) {
      const [upper, lower] = [start + row.first * width, start + row.second * width];
      for (const { first, second, share } of columns) {
        const above = planes[upper + first] + share * (planes[upper + second] - planes[upper + first]);
        const below = planes[lower + first] + share * (planes[lower + second] - planes[lower + first]);
        result[i++] = above + row.share * (below - above);
      }
    }
  }
  return result;
}
