import type { FloatType } from "../dtype.js";
import { WeightsError } from "../errors.js";
import { assertFinite, nameText, shapeText, valueCount, type WeightTensor } from "../weight-file.js";
import type { TorchTensor } from "./torch-pickle.js";

/**
 * Copies a view out of its storage into a contiguous float32 tensor.
 * @param bytes the whole storage.
 * @param limit the most values the tensor may have.
 * @throws {WeightsError} if the view reaches past its storage, has more values than `limit`, or one is not finite.
 */
export function readTorchTensor(
  name: string,
  tensor: TorchTensor,
  type: FloatType,
  bytes: Uint8Array,
  limit: number,
): WeightTensor {
  const { shape, strides, offset, storage } = tensor;
  const count = valueCount(shape);
  const last = shape.reduce((at, size, axis) => at + (size - 1) * (strides[axis] as number), offset);
  if (count > 0 && last >= storage.length) {
    throw new WeightsError(
      `Tensor ${nameText(name)} of shape ${shapeText(shape)} reaches past its storage of ${storage.length} values; the file is damaged, so fetch it again.`,
    );
  }
  if (count > limit) {
    throw new WeightsError(
      `The tensors of the checkpoint hold more values than the file has bytes, as ${nameText(name)} of shape ${shapeText(shape)} repeats its storage; save contiguous copies of the tensors.`,
    );
  }

  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = new Float32Array(count);
  const index = shape.map(() => 0);
  let at = offset;
  for (let i = 0; i < count; i++) {
    data[i] = type.read(view, at * type.bytes);
    at += advance(index, shape, strides);
  }
  assertFinite(name, data);
  return { shape: [...shape], data };
}

/** Steps `index` to the next value in row-major order; returns how far that moves in the storage. */
function advance(index: number[], shape: readonly number[], strides: readonly number[]): number {
  let moved = 0;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const stride = strides[axis] as number;
    const next = (index[axis] as number) + 1;
    if (next < (shape[axis] as number)) {
      index[axis] = next;
      return moved + stride;
    }
    index[axis] = 0;
    moved -= (next - 1) * stride;
  }
  return moved;
}
