import { ShapeError } from "../errors.js";

/** Element type of a tensor. f16 is only a storage type: shaders compute in f32. */
export type DType = "f32" | "u32" | "i32" | "f16";

/** Bytes per element. */
export function itemSize(dtype: DType): number {
  return dtype === "f16" ? 2 : 4;
}

/** Every WebGPU device accepts storage bindings at multiples of this many bytes. */
export const BINDING_ALIGNMENT = 256;

/** Four-byte elements from one aligned offset to the next. */
export const ALIGNED_ELEMENTS = BINDING_ALIGNMENT / 4;

/** Whether a value is a whole number from 0 up. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/**
 * Number of elements of a shape.
 * @throws {ShapeError} if it is not a list of whole numbers from 0 up.
 */
export function sizeOf(shape: readonly number[]): number {
  if (!Array.isArray(shape) || !shape.every(isCount)) {
    throw new ShapeError(`A shape has whole numbers from 0 up; got [${shape}].`);
  }
  return shape.reduce((product, length) => product * length, 1);
}

/** The next multiple of `step` that is at least `value`. */
export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

/** A dense row-major array on the GPU, or a part of one: a view into the same buffer. */
export class Tensor {
  readonly size: number;
  private static count = 0;
  private readonly id = Tensor.count++;

  constructor(
    readonly buffer: GPUBuffer,
    readonly shape: readonly number[],
    readonly dtype: DType = "f32",
    readonly label = "tensor",
    /** First element within the buffer. */
    readonly start = 0,
    /** The tensor that this one is a view of, if it is a view. */
    readonly whole?: Tensor,
  ) {
    this.size = sizeOf(shape);
  }

  /** Size in bytes. */
  get bytes(): number {
    return this.size * itemSize(this.dtype);
  }

  /** The tensor that owns the buffer. */
  get base(): Tensor {
    return this.whole ?? this;
  }

  /** Names the place in memory where the tensor starts: the same for a tensor under any shape. */
  get key(): string {
    return `${this.base.id}:${this.start}`;
  }

  /**
   * A part of this tensor, sharing its memory.
   * @param start first element, counted in this tensor: a multiple of {@link ALIGNED_ELEMENTS} if a shader
   *   binds it.
   * @throws {ShapeError} if the view does not lie within this tensor.
   */
  view(start: number, shape: readonly number[], label = this.label): Tensor {
    if (start + sizeOf(shape) > this.size || !isCount(start)) {
      throw new ShapeError(`View [${shape}] at ${start} exceeds the ${this.size} elements of ${this.label}.`);
    }
    return new Tensor(this.buffer, shape, this.dtype, label, this.start + start, this.base);
  }

  /**
   * The same elements under another shape.
   * @throws {ShapeError} if the number of elements differs.
   */
  reshape(shape: readonly number[]): Tensor {
    if (sizeOf(shape) !== this.size) {
      throw new ShapeError(`Cannot shape [${this.shape}] (${this.size} elements) as [${shape}].`);
    }
    return new Tensor(this.buffer, shape, this.dtype, this.label, this.start, this.base);
  }

  /** Start within the buffer, in bytes. */
  get offset(): number {
    return this.start * itemSize(this.dtype);
  }

  /** The tensor as a resource of a bind group. */
  binding(): GPUBufferBinding {
    return { buffer: this.buffer, offset: this.offset, size: roundUp(this.bytes, 16) };
  }
}
