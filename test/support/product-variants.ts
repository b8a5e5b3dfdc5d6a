import { afterAll, beforeAll } from "vitest";
import { Engine } from "../../src/engine/device/engine.js";
import type { Tuning } from "../../src/engine/device/tuning.js";

/**
 * Engines on the device of one, with each variant of the matrix products and convolutions that the device can
 * run: from registers, and by subgroups with as many lanes as it has. Disposing of them leaves the device
 * alone.
 */
export function productVariants(engine: Engine): Engine[] {
  const { features, adapterInfo } = engine.device;
  const lanes = features.has("subgroups") ? (adapterInfo.subgroupMinSize ?? 0) : 0;
  const productLanes = [8, 4].find((count) => count <= lanes);
  const variants: Partial<Tuning>[] = [
    // SwiftShader takes seconds to compile a workgroup of 32 with barriers.
    { products: "register", productLanes: 8, transposedProductLanes: 8, layer: 8, convolution: 16 },
    ...(productLanes ? [{ products: "subgroup" as const, productLanes, convolution: productLanes }] : []),
  ];
  return variants.map((variant) =>
    Object.assign(new Engine(engine.device), { tuning: { ...engine.tuning, ...variant } }),
  );
}

/** {@link productVariants} of an engine, while the tests of a file or group run. */
export function useProductVariants(gpu: { readonly engine: Engine }): readonly Engine[] {
  const variants: Engine[] = [];
  beforeAll(() => {
    variants.push(...productVariants(gpu.engine));
  });
  afterAll(() => {
    for (const variant of variants.splice(0)) variant.dispose();
  });
  return variants;
}
