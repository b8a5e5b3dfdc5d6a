import type { Tensor } from "./tensor.js";

/** Elements that follow each other in memory. */
type Place = Pick<Tensor, "base" | "start" | "size">;

/** A set of elements in memory: it holds a tensor under any shape, and with it every view of the tensor. */
export class TensorSet {
  /**
   * For each owner of a buffer: the ends of disjoint ranges in ascending order, as start, end, start, end, …
   */
  private readonly ranges = new Map<Tensor, number[]>();

  constructor(tensors: Iterable<Tensor> = []) {
    for (const tensor of tensors) this.add(tensor);
  }

  add({ base, start, size }: Place): void {
    const ends = this.ranges.get(base) ?? [];
    this.ranges.set(base, ends);
    // Ranges that overlap the new one, or border on it, become one with it.
    let first = firstAbove(ends, start - 1);
    if (first % 2 === 1) first--;
    let last = firstAbove(ends, start + size);
    if (last % 2 === 1) last++;
    const merged = last > first;
    const from = merged ? Math.min(start, ends[first] as number) : start;
    const to = merged ? Math.max(start + size, ends[last - 1] as number) : start + size;
    ends.splice(first, last - first, from, to);
  }

  /** Whether all elements of the tensor were added. */
  has({ base, start, size }: Place): boolean {
    const ends = this.ranges.get(base) ?? [];
    const next = firstAbove(ends, start);
    return next % 2 === 1 && start + size <= (ends[next] as number);
  }

  /** The elements of a tensor that were added. */
  within({ base, start, size }: Tensor): Place[] {
    const ends = this.ranges.get(base) ?? [];
    const places: Place[] = [];
    for (let i = 0; i < ends.length; i += 2) {
      const first = Math.max(start, ends[i] as number);
      const count = Math.min(start + size, ends[i + 1] as number) - first;
      if (count > 0) places.push({ base, start: first, size: count });
    }
    return places;
  }

  /** Whether the tensor shares an element with one that was added. */
  touches({ base, start, size }: Tensor): boolean {
    const ends = this.ranges.get(base) ?? [];
    const next = firstAbove(ends, start);
    return next % 2 === 1 || (next < ends.length && (ends[next] as number) < start + size);
  }
}

/** Index of the first of ascending numbers that is above a value; their count if none is. */
function firstAbove(numbers: readonly number[], value: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] as number) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
