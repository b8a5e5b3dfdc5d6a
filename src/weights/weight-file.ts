import { WeightsError } from "./errors.js";

/** One tensor of a weights file, always float32 and contiguous whatever the file stored. */
export interface WeightTensor {
  /** Sizes, outermost first; `[]` is a scalar. */
  readonly shape: readonly number[];
  /** Row-major values, as many as the product of the sizes. */
  readonly data: Float32Array;
}

/** What a weights file holds: tensors by name, and free text about them. */
export interface WeightFile {
  readonly tensors: ReadonlyMap<string, WeightTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A shape as it is written in messages: `[64, 3, 7, 7]`. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/** A name out of a file as it is written in messages: quoted, control characters escaped, and cut if very long. */
export function nameText(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}…` : name);
}

/** True for an integer that a size, a stride or an offset can be. */
export function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** No tensor of any network has more dimensions; a longer shape is an attempt to waste time. */
const MAX_DIMENSIONS = 32;

/** True for a list of sizes that can be a shape, or of strides. */
export function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= MAX_DIMENSIONS && value.every(isSize);
}

/**
 * Number of values in a tensor of this shape. May be past the safe integers, or infinite, if the shape is hostile;
 * comparing it with a real length still gives the right answer.
 */
export function valueCount(shape: readonly number[]): number {
  // A size of 0 must win over sizes whose product overflows to infinity, because 0 · Infinity is NaN.
  return shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
}

/**
 * Checks that every value is a number, since one NaN among the weights makes every kernel NaN.
 * @throws {WeightsError} naming the tensor.
 */
export function assertFinite(name: string, data: Float32Array): void {
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    throw new WeightsError(
      `Tensor ${nameText(name)} holds ${data[at]} at position ${at}, or a value too large for float32; use another copy.`,
    );
  }
}
