import type { Tensor } from "./tensor.js";

/** A set of places in memory: holds a tensor under any shape, and with it every view of it. */
export class TensorSet {
  /** Of each buffer's owner: first element and end of what was added. */
  private readonly ranges = new Map<Tensor, [start: number, end: number][]>();

  constructor(tensors: Iterable<Tensor> = []) {
    for (const tensor of tensors) this.add(tensor);
  }

  add(tensor: Tensor): void {
    const range: [number, number] = [tensor.start, tensor.start + tensor.size];
    this.ranges.set(tensor.base, [...this.of(tensor), range]);
  }

  /** Whether the tensor lies within one that was added. */
  has(tensor: Tensor): boolean {
    return this.of(tensor).some(([start, end]) => start <= tensor.start && tensor.start + tensor.size <= end);
  }

  /** Whether the tensor shares an element with one that was added. */
  touches(tensor: Tensor): boolean {
    return this.of(tensor).some(([start, end]) => start < tensor.start + tensor.size && tensor.start < end);
  }

  private of(tensor: Tensor): [number, number][] {
    return this.ranges.get(tensor.base) ?? [];
  }
}
