import type { Tensor } from "../../../src/engine/tensors/tensor.js";
import copyShader from "../../shaders/copy.wgsl";
import type { Variant } from "./variant.js";

const EACH = [1, 8];
const WORKGROUPS = [8, 64, 256];

/** Copies of the first `mebibytes` of one tensor to another, by several shapes of dispatches. */
export function copyVariants(source: Tensor, target: Tensor, mebibytes: number): Variant[] {
  const elements = (mebibytes << 20) / 4;
  return EACH.flatMap((each) =>
    WORKGROUPS.map((workgroup) => ({
      how: `copy of ${mebibytes} MiB, ${each} vec4 each, workgroups of ${workgroup}`,
      amount: (2 * 4 * elements) / 1e9,
      request: () => ({
        shader: copyShader,
        constants: { COUNT: elements / 4, EACH: each, WORKGROUP: workgroup },
        bindings: { x: source.view(0, [elements]), y: target.view(0, [elements]) },
        workgroups: [elements / 4 / each / workgroup],
      }),
    })),
  );
}
