import type { AdapterKind } from "./adapter.js";

/** Launch shapes that differ by device class; measured, see docs/performance.md. */
export interface Tuning {
  /** Invocations per workgroup of the register-tiled matrix product. */
  readonly matmul: number;
  /** Invocations that share one 8×8 tile of a weight gradient. */
  readonly matmulTransposed: number;
  /** Invocations of a reduction over pixels (BatchNorm, losses). */
  readonly reduction: number;
  /** Invocations of a kernel that runs as a single workgroup. */
  readonly single: number;
  /** Invocations of an element-wise kernel. */
  readonly elementwise: number;
}

const software: Tuning = { matmul: 8, matmulTransposed: 8, reduction: 16, single: 64, elementwise: 64 };

/** The launch shapes for a class of device. */
export const TUNING: Readonly<Record<AdapterKind, Tuning>> = {
  gpu: { matmul: 32, matmulTransposed: 32, reduction: 128, single: 256, elementwise: 64 },
  lavapipe: software,
  swiftshader: { ...software, matmulTransposed: 4, reduction: 4 },
};
