import { type DType, sizeOf, type Tensor } from "./tensor.js";

/** Makes tensors that live as long as a tape's program: the tape itself. */
export interface TensorSource {
  tensor(shape: readonly number[], label: string, dtype: DType): Tensor;
}

/**
 * Tensors of one tape that later operations overwrite, to save memory. Only for tapes that record no
 * gradients: a backward pass would still need the old values.
 */
export class TensorPool {
  private readonly free = new Map<string, Tensor[]>();

  constructor(private readonly tape: TensorSource) {}

  /** A tensor of undefined contents: a released one of the same size, or else a new one. */
  take(shape: readonly number[], label: string, dtype: DType = "f32"): Tensor {
    const released = this.free.get(key(dtype, sizeOf(shape)))?.pop();
    return released ? released.reshape(shape) : this.tape.tensor(shape, label, dtype);
  }

  /** Offers a tensor to later operations, after the last operation that reads it was recorded. */
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
