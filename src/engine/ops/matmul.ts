import registerShader from "../../shaders/matmul.wgsl";
import subgroupShader from "../../shaders/matmul_subgroup.wgsl";
import transposedRegisterShader from "../../shaders/matmul_transposed.wgsl";
import transposedSubgroupShader from "../../shaders/matmul_transposed_subgroup.wgsl";
import { ShapeError } from "../errors.js";
import type { GradientTarget, Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";
import { transpose } from "./transpose.js";

/**
 * Batched matrix product: a [N, M, K] · b [N, K, P] → [N, M, P]. M, K and P are multiples of four.
 * Gradients: da = dy · bᵀ, db = aᵀ · dy.
 * @throws {ShapeError} if the shapes do not fit.
 */
export function matmul(tape: Tape, a: Tensor, b: Tensor): Tensor {
  const [N = 0, M = 0, K = 0] = a.shape;
  const P = b.shape[2] ?? 0;
  if (a.shape.length !== 3 || b.shape.length !== 3 || b.shape[0] !== N || b.shape[1] !== K) {
    throw new ShapeError(`matmul wants [N, M, K] and [N, K, P]; got [${a.shape}] and [${b.shape}].`);
  }
  if (M % 4 || K % 4 || P % 4) {
    throw new ShapeError(`matmul wants multiples of four; got [${a.shape}] and [${b.shape}]: pad them.`);
  }
  const y = tape.tensor([N, M, P], "matmul");
  const transposed = (): Tensor => tape.transposed(a) ?? transpose(tape, a);
  product(tape, () => a, transposed, b, { tensor: y, accumulate: false }, { N, M, K, P });
  tape.differentiable([a, b], [y], () => {
    const dy = tape.gradient(y);
    if (tape.needs(b)) {
      product(tape, transposed, () => a, dy, tape.gradientTarget(b), { N, M: K, K: M, P });
    }
    if (tape.needs(a)) {
      transposedProduct(tape, dy, b, tape.gradientTarget(a), { N, M, K, P });
    }
  });
  return y;
}

interface Sizes {
  readonly N: number;
  readonly M: number;
  readonly K: number;
  readonly P: number;
}

/** c [N, M, P] = a [N, M, K] · b [N, K, P]; each variant reads either a or its transpose. */
function product(
  tape: Tape,
  a: () => Tensor,
  transposed: () => Tensor,
  b: Tensor,
  { tensor: c, accumulate }: GradientTarget,
  { N, M, K, P }: Sizes,
): void {
  const { products, productLanes } = tape.engine.tuning;
  const sizes = { M, K, P, ACCUMULATE: accumulate };
  const multiplyAdds = N * M * K * P;
  if (products === "subgroup") {
    tape.dispatch({
      shader: subgroupShader,
      constants: { ...sizes, LANES: productLanes },
      bindings: { a: a(), b, c },
      workgroups: [Math.ceil(P / (4 * productLanes)), Math.ceil(M / (4 * productLanes)), N],
      multiplyAdds,
    });
  } else {
    tape.dispatch({
      shader: registerShader,
      constants: { ...sizes, WORKGROUP: productLanes },
      bindings: { a: transposed(), b, c },
      workgroups: [Math.ceil(P / (8 * productLanes)), Math.ceil(M / 16), N],
      multiplyAdds,
    });
  }
}

/** c [N, M, K] = a [N, M, P] · bᵀ for b [N, K, P]. */
function transposedProduct(
  tape: Tape,
  a: Tensor,
  b: Tensor,
  { tensor: c, accumulate }: GradientTarget,
  { N, M, K, P }: Sizes,
): void {
  const { products, productLanes, transposedProductLanes } = tape.engine.tuning;
  const sizes = { M, K, P, ACCUMULATE: accumulate };
  const subgroup = products === "subgroup";
  const tile = subgroup ? 4 * productLanes : 8;
  tape.dispatch({
    shader: subgroup ? transposedSubgroupShader : transposedRegisterShader,
    constants: subgroup ? { ...sizes, LANES: productLanes } : { ...sizes, WORKGROUP: transposedProductLanes },
    bindings: { a, b, c },
    workgroups: [Math.ceil(K / tile), Math.ceil(M / tile), N],
    multiplyAdds: N * M * K * P,
  });
}
