import type { Tensor } from "./tensor.js";

/** A set of places in memory: holds a tensor under any shape, and with a whole tensor every view of it. */
export class TensorSet {
  private readonly wholes = new Set<Tensor>();
  private readonly keys = new Set<string>();

  constructor(tensors: Iterable<Tensor> = []) {
    for (const tensor of tensors) this.add(tensor);
  }

  add(tensor: Tensor): void {
    if (tensor.size === tensor.base.size) this.wholes.add(tensor.base);
    this.keys.add(tensor.key);
  }

  has(tensor: Tensor): boolean {
    return this.wholes.has(tensor.base) || this.keys.has(tensor.key);
  }
}
