import matmulShader from "../../shaders/matmul.wgsl";
import matmulTransposedShader from "../../shaders/matmul_transposed.wgsl";
import { ShapeError } from "../errors.js";
import type { Tape } from "../tape.js";
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
  product(tape, tape.transposed(a) ?? transpose(tape, a), b, y, false);
  tape.differentiable([a, b], [y], () => {
    const dy = tape.gradient(y);
    if (tape.needs(b)) {
      const { tensor, accumulate } = tape.gradientTarget(b);
      product(tape, a, dy, tensor, accumulate);
    }
    if (tape.needs(a)) {
      const { tensor, accumulate } = tape.gradientTarget(a);
      const workgroup = tape.engine.tuning.matmulTransposed;
      tape.dispatch({
        shader: matmulTransposedShader,
        constants: { M, K, P, ACCUMULATE: accumulate, WORKGROUP: workgroup },
        bindings: { a: dy, b, c: tensor },
        workgroups: [Math.ceil(K / 8), Math.ceil(M / 8), N],
        multiplyAdds: N * M * K * P,
      });
    }
  });
  return y;
}

/** c = aᵀ · b for a [N, K, M], b [N, K, P]. */
function product(tape: Tape, a: Tensor, b: Tensor, c: Tensor, accumulate: boolean): void {
  const [N = 0, K = 0, M = 0] = a.shape;
  const P = b.shape[2] ?? 0;
  const workgroup = tape.engine.tuning.matmul;
  tape.dispatch({
    shader: matmulShader,
    constants: { M, K, P, ACCUMULATE: accumulate, WORKGROUP: workgroup },
    bindings: { a, b, c },
    workgroups: [Math.ceil(P / (8 * workgroup)), Math.ceil(M / 16), N],
    multiplyAdds: N * M * K * P,
  });
}
