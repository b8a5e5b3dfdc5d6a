import { ShapeError } from "../../engine/errors.js";
import { endFusedLoss, exclusiveGradient } from "../../engine/ops/losses/fused-loss.js";
import type { LossSchedule } from "../../engine/ops/losses/mean-squared-loss.js";
import { elementwise } from "../../engine/recording/launch.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import shader from "../../shaders/losses/kernel_constraints.wgsl";

/** Options of {@link kernelConstraints}. */
export interface KernelConstraintOptions extends LossSchedule {
  /** [n, n]: what a value of the kernel costs at each place. */
  readonly penalty: Tensor;
  /** Where the center of mass is to be on both axes, in pixels from the first. */
  readonly center: number;
  /** Exponent of the sparsity. */
  readonly power: number;
}

/**
 * The constraints of KernelGAN on a square kernel [n, n] → [1]: |1 − Σ k|, mean |penalty · k|, mean |k|^power, and half
 * the squared distance of its center of mass from the wanted one, each with its weight of the step (Bell-Kligler et al.
 * 2019, section 4.2).
 * @param options weights [steps, 4], in the order above.
 * @throws {ShapeError} if the kernel is not square or the penalty has another size.
 * @throws {EngineError} if another loss writes the kernel's gradient too.
 */
export function kernelConstraints(
  tape: Tape,
  k: Tensor,
  { weights, counter, penalty, center, power, out }: KernelConstraintOptions,
): Tensor {
  const size = Math.sqrt(k.size);
  if (!Number.isInteger(size) || penalty.size !== k.size) {
    throw new ShapeError(`kernelConstraints cannot hold [${penalty.shape}] against a kernel [${k.shape}].`);
  }
  const loss = out ?? tape.tensor([1], "kernel constraints");
  tape.dispatch({
    shader,
    bindings: { k, penalty, weights, counter: counter.tensor, loss, gradient: exclusiveGradient(tape, k) },
    index: counter.rowOf(weights, 4),
    ...elementwise(tape, k.size, { SIZE: size, POWER: power, CENTER: center }),
  });
  endFusedLoss(tape, k, loss);
  return loss;
}
