import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";
import { shapeError } from "../shape-error.js";
import { product, transposedProduct, transposeOf } from "./products.js";

/**
 * Batched matrix product: a [N, M, K] · b [N, K, P] → [N, M, P]. M, K and P are multiples of four.
 * Gradients: da = dy · bᵀ, db = aᵀ · dy.
 * @throws {ShapeError} if the shapes do not fit.
 */
export function matmul(tape: Tape, a: Tensor, b: Tensor): Tensor {
  const [N = 0, M = 0, K = 0] = a.shape;
  const P = b.shape[2] ?? 0;
  if (a.shape.length !== 3 || b.shape.length !== 3 || b.shape[0] !== N || b.shape[1] !== K) {
    throw shapeError("matmul", "[N, M, K] and [N, K, P]", a, b);
  }
  if (M % 4 || K % 4 || P % 4) {
    throw shapeError("matmul", "sizes padded to multiples of four", a, b);
  }
  const y = tape.tensor([N, M, P], "matmul");
  const transposed = (): Tensor => transposeOf(tape, a);
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
