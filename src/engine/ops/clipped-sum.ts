import shader from "../../shaders/clipped_sum.wgsl";
import { ShapeError } from "../errors.js";
import type { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";

/** What {@link clippedSum} makes of x before it is added. */
export interface ClipOptions {
  readonly weight: number;
  /** The length to which a longer x is shortened. */
  readonly limit: number;
}

/**
 * y ← y + weight · min(1, limit / ‖x‖) · x, in place and without a gradient: for sums of gradients of which some are far too
 * long. An x that is not finite is left out.
 * @throws {ShapeError} if the sizes differ or are no multiples of four.
 */
export function clippedSum(tape: Tape, x: Tensor, { weight, limit }: ClipOptions, y: Tensor): void {
  if (x.size !== y.size || x.size % 4) {
    throw new ShapeError(
      `clippedSum wants equal sizes, multiples of four; got [${x.shape}] and [${y.shape}].`,
    );
  }
  tape.dispatch({
    shader,
    constants: { COUNT: x.size, WEIGHT: weight, LIMIT: limit, WORKGROUP: tape.engine.tuning.reduction },
    bindings: { x, y },
    workgroups: [1],
  });
}
