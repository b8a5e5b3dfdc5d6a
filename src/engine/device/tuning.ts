import type { AdapterKind } from "./adapter.js";

/** Shader variants and workgroup sizes for a class of device, as measured: see docs/performance.md. */
export interface Tuning {
  /**
   * Whether products and convolutions keep their operands in registers, or share them by subgroup broadcasts.
   */
  readonly products: "register" | "subgroup";
  /** Invocations per workgroup of a · b. For the subgroup variant 4 or 8, and a · bᵀ takes as many. */
  readonly productLanes: number;
  /** Invocations that share an 8×8 tile of a · bᵀ, in the register variant. */
  readonly transposedProductLanes: number;
  /**
   * Invocations that make four rows of a convolution with BatchNorm, in the register variant: a power of two.
   */
  readonly layer: number;
  /** Invocations per workgroup of a reduction over pixels (BatchNorm, losses). */
  readonly reduction: number;
  /** Invocations of a shader that runs as a single workgroup. */
  readonly single: number;
  /** Invocations per workgroup of an elementwise shader. */
  readonly elementwise: number;
  /** Invocations per workgroup of 2×2 and 3×3 convolutions; for the subgroup variant 4 or 8. */
  readonly convolution: number;
}

const GPU: Tuning = {
  products: "register",
  productLanes: 32,
  transposedProductLanes: 32,
  layer: 256,
  reduction: 128,
  single: 256,
  elementwise: 64,
  convolution: 64,
};

const SWIFTSHADER: Tuning = {
  products: "subgroup",
  productLanes: 4,
  transposedProductLanes: 4,
  layer: 8,
  reduction: 4,
  single: 32,
  elementwise: 64,
  convolution: 4,
};

const LAVAPIPE: Tuning = { ...SWIFTSHADER, productLanes: 8, reduction: 8, single: 64, convolution: 8 };

const BY_KIND: Readonly<Record<AdapterKind, Tuning>> = {
  gpu: GPU,
  software: GPU,
  lavapipe: LAVAPIPE,
  swiftshader: SWIFTSHADER,
};

/** The tuning for a class of device, without variants that this device cannot run. */
export function tuningFor(kind: AdapterKind, device: GPUDevice): Tuning {
  const tuning = BY_KIND[kind];
  const subgroups = device.features.has("subgroups") ? (device.adapterInfo.subgroupMinSize ?? 0) : 0;
  return tuning.products === "subgroup" && subgroups < tuning.productLanes
    ? { ...tuning, products: "register", productLanes: 8, layer: 8, convolution: 16 }
    : tuning;
}
