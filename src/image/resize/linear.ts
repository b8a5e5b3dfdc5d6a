/**
 * Enlarges planes, one after the other, by linear interpolation between the middles of their pixels, the border pixels repeated
 * outward.
 */
export function enlargeLinearly(
  planes: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  scale: number,
): Float32Array {
  const out = new Float32Array(planes.length * scale ** 2);
  const rows = between(height, scale);
  const columns = between(width, scale);
  let i = 0;
  for (let start = 0; start < planes.length; start += width * height) {
    for (const row of rows) {
      const [upper, lower] = [start + row.first * width, start + row.second * width];
      for (const { first, second, share } of columns) {
        const above = planes[upper + first] + share * (planes[upper + second] - planes[upper + first]);
        const below = planes[lower + first] + share * (planes[lower + second] - planes[lower + first]);
        out[i++] = above + row.share * (below - above);
      }
    }
  }
  return out;
}

/** Between which two middles each place of an enlarged side lies, and how near to the second. */
function between(length: number, scale: number): { first: number; second: number; share: number }[] {
  return Array.from({ length: length * scale }, (_, i) => {
    const place = Math.min(Math.max((i + 0.5) / scale - 0.5, 0), length - 1);
    const first = Math.floor(place);
    return { first, second: Math.min(first + 1, length - 1), share: place - first };
  });
}
