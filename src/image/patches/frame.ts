/** Sets everything closer than `edge` to the border of a `height · width` map to zero, in place. */
export function zeroFrame(map: Float64Array, height: number, width: number, edge: number): void {
  for (let y = 0; y < height; y++) {
    const row = map.subarray(y * width, (y + 1) * width);
    if (y < edge || y >= height - edge || width <= 2 * edge) row.fill(0);
    else {
      row.fill(0, 0, edge);
      row.fill(0, width - edge);
    }
  }
}
