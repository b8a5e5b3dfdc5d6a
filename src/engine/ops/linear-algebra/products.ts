import registerShader from "../../../shaders/linear-algebra/matmul.wgsl";
import subgroupShader from "../../../shaders/linear-algebra/matmul_subgroup.wgsl";
import transposedRegisterShader from "../../../shaders/linear-algebra/matmul_transposed.wgsl";
import transposedSubgroupShader from "../../../shaders/linear-algebra/matmul_transposed_subgroup.wgsl";
import type { GradientTarget, Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";
import { transpose } from "./transpose.js";

/** Sizes of a batched product [N, M, K] · [N, K, P]. */
export interface Sizes {
  readonly N: number;
  readonly M: number;
  readonly K: number;
  readonly P: number;
  /** Number of the P columns that are needed, a multiple of four; all unless given. */
  readonly columns?: number;
}

/** The transpose of a matrix: the one that an operation has written beside it, or else a new one. */
export function transposeOf(tape: Tape, a: Tensor): Tensor {
  return tape.transposed(a) ?? transpose(tape, a);
}

/** c [N, M, P] = a [N, M, K] · b [N, K, P]; each variant reads either a or its transpose. */
export function product(
  tape: Tape,
  a: () => Tensor,
  transposed: () => Tensor,
  b: Tensor,
  { tensor: c, accumulate }: GradientTarget,
  { N, M, K, P, columns = P }: Sizes,
): void {
  const { products, productLanes } = tape.engine.tuning;
  const multiplyAdds = N * M * K * columns;
  if (products === "subgroup") {
    tape.dispatch({
      shader: subgroupShader,
      constants: { ACCUMULATE: accumulate, LANES: productLanes },
      bindings: { sizes: sizesAsData(tape, M, K, P), a: a(), b, c },
      workgroups: [Math.ceil(columns / (4 * productLanes)), Math.ceil(M / (4 * productLanes)), N],
      multiplyAdds,
    });
  } else {
    tape.dispatch({
      shader: registerShader,
      constants: { M, K, P, ACCUMULATE: accumulate, WORKGROUP: productLanes },
      bindings: { a: transposed(), b, c },
      workgroups: [Math.ceil(columns / (8 * productLanes)), Math.ceil(M / 16), N],
      multiplyAdds,
    });
  }
}

/**
 * c [N, M, K] = a [N, M, P] · bᵀ for b [N, K, P].
 * @param statistics if given, b first goes through BatchNorm by these statistics, and ReLU: see
 *   `normalizedLayers`.
 */
export function transposedProduct(
  tape: Tape,
  a: Tensor,
  b: Tensor,
  { tensor: c, accumulate }: GradientTarget,
  { N, M, K, P }: Sizes,
  statistics?: Tensor,
): void {
  const { products, productLanes, transposedProductLanes } = tape.engine.tuning;
  const constants = { NORMALIZED: statistics !== undefined, ACCUMULATE: accumulate };
  // Every binding needs a tensor, even if the shader does not read it.
  const bindings = { a, b, statistics: statistics ?? a, c };
  const multiplyAdds = N * M * K * P;
  if (products === "subgroup") {
    const tile = 4 * productLanes;
    tape.dispatch({
      shader: transposedSubgroupShader,
      constants: { ...constants, LANES: productLanes },
      bindings: { sizes: sizesAsData(tape, M, K, P), ...bindings },
      workgroups: [Math.ceil(K / tile), Math.ceil(M / tile), N],
      multiplyAdds,
    });
  } else {
    tape.dispatch({
      shader: transposedRegisterShader,
      constants: { M, K, P, ...constants, WORKGROUP: transposedProductLanes },
      bindings,
      workgroups: [Math.ceil(K / 8), Math.ceil(M / 8), N],
      multiplyAdds,
    });
  }
}

/**
 * Sizes of a product as data: the subgroup variants take long to compile, so that one pipeline serves all
 * sizes.
 */
export function sizesAsData(tape: Tape, M: number, K: number, P: number): Tensor {
  return tape.constant(Uint32Array.of(M, K, P), "sizes");
}
