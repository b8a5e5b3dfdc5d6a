import type { AdapterKind } from "./adapter.js";

/** Kernel variants and launch shapes that differ by class of device; measured, see docs/performance.md. */
export interface Tuning {
  /** Which variant of the matrix products: operands in registers, or shared by subgroup broadcasts. */
  readonly products: "register" | "subgroup";
  /** Invocations a workgroup of the register variant of a · b. */
  readonly productLanes: number;
  /** Invocations that share one 8×8 tile of the register variant of a · bᵀ. */
  readonly transposedProductLanes: number;
  /** Invocations of a reduction over pixels (BatchNorm, losses). */
  readonly reduction: number;
  /** Invocations of a kernel that runs as a single workgroup. */
  readonly single: number;
  /** Invocations of an element-wise kernel. */
  readonly elementwise: number;
}

const GPU: Tuning = {
  products: "register",
  productLanes: 32,
  transposedProductLanes: 32,
  reduction: 128,
  single: 256,
  elementwise: 64,
};

const SWIFTSHADER: Tuning = {
  products: "register",
  productLanes: 8,
  transposedProductLanes: 4,
  reduction: 4,
  single: 64,
  elementwise: 64,
};

const LAVAPIPE: Tuning = { ...SWIFTSHADER, products: "subgroup", transposedProductLanes: 8, reduction: 8 };

const BY_KIND: Readonly<Record<AdapterKind, Tuning>> = {
  gpu: GPU,
  software: GPU,
  lavapipe: LAVAPIPE,
  swiftshader: SWIFTSHADER,
};

/** The tuning for a class of device; variants that the device cannot run are replaced. */
export function tuningFor(kind: AdapterKind, device: GPUDevice): Tuning {
  const tuning = BY_KIND[kind];
  const lanes = device.adapterInfo.subgroupMinSize ?? 0;
  const subgroups = device.features.has("subgroups") && lanes >= 8;
  return tuning.products === "subgroup" && !subgroups ? { ...tuning, products: "register" } : tuning;
}
