import { endFusedLoss, exclusiveGradient } from "../../engine/ops/losses/fused-loss.js";
import type { LossSchedule } from "../../engine/ops/losses/mean-squared-loss.js";
import { shapeError } from "../../engine/ops/shape-error.js";
import { grid } from "../../engine/recording/launch.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import shader from "../../shaders/losses/kernel_constraints.wgsl";

/** Options of {@link kernelConstraints}. */
export interface KernelConstraintOptions extends LossSchedule {
  /** [n, n]: the cost of a kernel value at each place. */
  readonly penalty: Tensor;
  /** Wanted center of mass on both axes, in pixels from the first pixel. */
  readonly center: number;
  /** Exponent of the sparsity term. */
  readonly power: number;
}

/**
 * KernelGAN's constraints on a square kernel [n, n] → [1] (Bell-Kligler et al. 2019, section 4.2): |1 − Σ k|,
 * mean |penalty · k|, mean |k|^power, and half the squared distance between the center of mass and its wanted
 * place, each times its weight at the step.
 * @param options weights [steps, 4], in the order above.
 * @throws {ShapeError} if the kernel is not square or the penalty has another size.
 * @throws {EngineError} if another operation has written the kernel's gradient.
 */
export function kernelConstraints(
  tape: Tape,
  k: Tensor,
  { weights, counter, penalty, center, power, out }: KernelConstraintOptions,
): Tensor {
  const size = Math.sqrt(k.size);
  if (!Number.isInteger(size) || penalty.size !== k.size) {
    throw shapeError("kernelConstraints", "a square kernel and a penalty of its size", k, penalty);
  }
  const loss = out ?? tape.tensor([1], "loss");
  tape.dispatch({
    shader,
    bindings: { k, penalty, weights, counter: counter.tensor, loss, gradient: exclusiveGradient(tape, k) },
    index: counter.rowOf(weights, 4),
    ...grid(tape, [k.size], { SIZE: size, POWER: power, CENTER: center }),
  });
  endFusedLoss(tape, k, loss);
  return loss;
}
