/** An index beyond the borders of `length` samples, on a circle of them. */
export function wrap(index: number, length: number): number {
  return ((index % length) + length) % length;
}
