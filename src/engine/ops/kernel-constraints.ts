import shader from "../../shaders/kernel_constraints.wgsl";
import { ShapeError } from "../errors.js";
import type { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";
import { endWithSlope, ownSlope } from "./fused-loss.js";
import { elementwise } from "./launch.js";
import type { LossSchedule } from "./mean-squared-loss.js";

/** Options of {@link kernelConstraints}. */
export interface KernelConstraintOptions extends LossSchedule {
  /** [n, n]: what a value of the kernel costs at each place. */
  readonly penalty: Tensor;
  /** Where the centre of mass is to be on both axes, in pixels from the first. */
  readonly centre: number;
  /** Exponent of the sparsity. */
  readonly power: number;
}

/**
 * The constraints of KernelGAN on a square kernel [n, n] → [1]: |1 − Σ k|, mean |penalty · k|, mean |k|^power, and half
 * the squared distance of its centre of mass from the wanted one, each with its weight of the step (Bell-Kligler et al.
 * 2019, section 4.2).
 * @param options weights [steps, 4], in the order above.
 * @throws {ShapeError} if the kernel is not square or the penalty has another size.
 * @throws {EngineError} if another loss writes the kernel's gradient too.
 */
export function kernelConstraints(
  tape: Tape,
  k: Tensor,
  { weights, counter, penalty, centre, power, out }: KernelConstraintOptions,
): Tensor {
  const size = Math.sqrt(k.size);
  if (!Number.isInteger(size) || penalty.size !== k.size) {
    throw new ShapeError(`kernelConstraints cannot hold [${penalty.shape}] against a kernel [${k.shape}].`);
  }
  const loss = out ?? tape.tensor([1], "kernel constraints");
  tape.dispatch({
    shader,
    bindings: { k, penalty, weights, counter: counter.tensor, loss, slope: ownSlope(tape, k) },
    ...elementwise(tape, k.size, { SIZE: size, POWER: power, CENTRE: centre }),
  });
  endWithSlope(tape, k, loss);
  return loss;
}
