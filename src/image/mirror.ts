import { wrap } from "./wrap.js";

/** An index beyond the borders of `length` samples, mirrored inside; the outermost samples are not repeated. */
export function mirror(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const folded = wrap(index, period);
  return folded < length ? folded : period - folded;
}
