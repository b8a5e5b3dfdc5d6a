import type { Tape } from "./tape.js";
import type { Tensor } from "./tensor.js";

/**
 * Tensors of one tape that are used again: what a later operation overwrites needs no memory of its own. For
 * tapes that record no gradients: a backward pass would still need the old values.
 */
export class TensorPool {
  private readonly free = new Map<number, Tensor[]>();

  constructor(private readonly tape: Tape) {}

  /** A tensor of undefined contents, whose memory a released tensor may have had. */
  take(shape: readonly number[], label: string): Tensor {
    const size = shape.reduce((product, length) => product * length, 1);
    const released = this.free.get(size)?.pop();
    return released ? released.reshape(shape) : this.tape.tensor(shape, label);
  }

  /** Says that every operation that reads the tensor has been recorded. */
  release(tensor: Tensor): void {
    const others = this.free.get(tensor.size);
    if (others) others.push(tensor);
    else this.free.set(tensor.size, [tensor]);
  }
}
