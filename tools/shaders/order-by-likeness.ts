import { gzipSync } from "node:zlib";

/** How much a text before counts, the last one first: a compressor looks back, but not far. */
const WEIGHTS = [1, 0.3];

/**
 * Orders texts so that each follows those that have most in common with it: a compressor finds repetitions only nearby. Of the
 * orders that begin with each of the texts, the one that compresses best.
 * @returns indices of the texts.
 */
export function orderByLikeness(texts: readonly string[]): number[] {
  const size = (text: string): number => gzipSync(text).length;
  const sizes = texts.map(size);
  const common = texts.map((a, i) => texts.map((b, j) => (j < i ? sizes[i] + sizes[j] - size(a + b) : 0)));
  const likeness = (i: number, j: number): number => common[Math.max(i, j)][Math.min(i, j)];
  const orders = texts.map((_, first) => {
    const order = [first];
    const left = new Set(texts.keys());
    left.delete(first);
    while (left.size > 0) {
      const before = order.slice(-WEIGHTS.length).reverse();
      const closeness = (next: number): number =>
        before.reduce((sum, place, i) => sum + WEIGHTS[i] * likeness(place, next), 0);
      const best = [...left].reduce((a, b) => (closeness(b) > closeness(a) ? b : a));
      order.push(best);
      left.delete(best);
    }
    return order;
  });
  const compressed = orders.map((order) => size(order.map((i) => texts[i]).join("")));
  return orders[compressed.indexOf(Math.min(...compressed))] ?? [];
}
