import type { AdapterKind } from "./adapter.js";

/** Kernel variants and launch shapes that differ by class of device; measured, see docs/performance.md. */
export interface Tuning {
  /** Which variant of the matrix products and 3×3 convolutions: operands in registers, or shared by subgroup broadcasts. */
  readonly products: "register" | "subgroup";
  /** Invocations a workgroup of a · b; of the subgroup variant 4 or 8, and it takes aᵀ and bᵀ by as many. */
  readonly productLanes: number;
  /** Invocations that share one 8×8 tile of the register variant of a · bᵀ. */
  readonly transposedProductLanes: number;
  /** Invocations that make four whole rows of the register variant of a convolution with BatchNorm: a power of two. */
  readonly layer: number;
  /** Invocations of a reduction over pixels (BatchNorm, losses). */
  readonly reduction: number;
  /** Invocations of a kernel that runs as a single workgroup. */
  readonly single: number;
  /** Invocations of an element-wise kernel. */
  readonly elementwise: number;
  /** Invocations of a 3×3 convolution; of the subgroup variant 4 or 8. */
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

/** The tuning for a class of device; a variant that the device cannot run is replaced. */
export function tuningFor(kind: AdapterKind, device: GPUDevice): Tuning {
  const tuning = BY_KIND[kind];
  const subgroups = device.features.has("subgroups") ? (device.adapterInfo.subgroupMinSize ?? 0) : 0;
  return tuning.products === "subgroup" && subgroups < tuning.productLanes
    ? { ...tuning, products: "register", productLanes: 8, layer: 8, convolution: 16 }
    : tuning;
}
