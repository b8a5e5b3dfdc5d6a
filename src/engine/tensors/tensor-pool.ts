import { type DType, sizeOf, type Tensor } from "./tensor.js";

/** Makes tensors that live as long as a tape's program: the tape itself. */
interface TensorSource {
  tensor(shape: readonly number[], label: string, dtype: DType): Tensor;
}

/**
 * Tensors of one tape that are used again: what a later operation overwrites needs no memory of its own. For
 * tapes that record no gradients: a backward pass would still need the old values.
 */
export class TensorPool {
  private readonly free = new Map<string, Tensor[]>();

  constructor(private readonly tape: TensorSource) {}

  /** A tensor of undefined contents, whose memory a released tensor may have had. */
  take(shape: readonly number[], label: string, dtype: DType = "f32"): Tensor {
    const released = this.free.get(key(dtype, sizeOf(shape)))?.pop();
    return released ? released.reshape(shape) : this.tape.tensor(shape, label, dtype);
  }

  /** Says that every operation that reads the tensor has been recorded. */
  release(tensor: Tensor): void {
    const kind = key(tensor.dtype, tensor.size);
    const others = this.free.get(kind);
    if (others) others.push(tensor);
    else this.free.set(kind, [tensor]);
  }
}

function key(dtype: DType, size: number): string {
  return `${dtype} ${size}`;
}
