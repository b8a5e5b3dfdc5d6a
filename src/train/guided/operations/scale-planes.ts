import { shapeError } from "../../../engine/ops/shape-error.js";
import { accumulateGradient } from "../../../engine/recording/accumulate-gradient.js";
import { elementwiseVec4, grid } from "../../../engine/recording/launch.js";
import type { Tape } from "../../../engine/recording/tape.js";
import type { Tensor } from "../../../engine/tensors/tensor.js";
import reluBackwardShader from "../../../shaders/elementwise/relu_backward.wgsl";
import shader from "../../../shaders/guided-training/scale_planes.wgsl";
import backwardFactorsShader from "../../../shaders/guided-training/scale_planes_backward_factors.wgsl";

/** Options of {@link scalePlanes}. */
export interface PlaneScaling {
  /** [M]: by what each plane is scaled, less `offset`. */
  readonly factors: Tensor;
  readonly offset: number;
  /** [M], added to the planes. */
  readonly shifts?: Tensor;
  /** Of the shape of x, added to it. */
  readonly residual?: Tensor;
  /** Whether negative results become zero; not together with a residual. */
  readonly relu?: boolean;
}

/**
 * Scales planes, each by its own factor, and shifts them: x of M planes, its last dimensions → the same shape.
 * @throws {ShapeError} if the shapes do not fit.
 */
export function scalePlanes(tape: Tape, x: Tensor, options: PlaneScaling): Tensor {
  const { factors, offset, shifts, residual, relu = false } = options;
  const planes = factors.size;
  const pixels = x.size / planes;
  const fits = residual === undefined || (residual.size === x.size && !relu);
  if (!Number.isInteger(pixels) || (shifts && shifts.size !== planes) || !fits) {
    const given = [x, factors, shifts, residual].filter((each) => each !== undefined);
    throw shapeError("scalePlanes", "planes, a factor and a shift for each, a residual or a ReLU", ...given);
  }
  const y = tape.tensor(x.shape, "scaled planes");
  const constants = { PIXELS: pixels, OFFSET: offset };
  tape.dispatch({
    shader,
    // Every binding needs a tensor, even if the shader does not read it.
    bindings: { x, factors, shifts: shifts ?? factors, residual: residual ?? x, y },
    ...grid(tape, [pixels, planes], {
      ...constants,
      SHIFTED: shifts !== undefined,
      RESIDUAL: residual !== undefined,
      RELU: relu,
    }),
  });
  const inputs = [x, factors, shifts, residual].filter((each) => each !== undefined);
  tape.differentiable(inputs, [y], () => {
    const dy = tape.gradient(y);
    if (relu)
      tape.dispatch({ shader: reluBackwardShader, bindings: { y, dy }, ...elementwiseVec4(tape, dy) });
    if (residual) accumulateGradient(tape, dy, residual);
    if (tape.needs(x)) {
      const { tensor, accumulate } = tape.gradientTarget(x);
      tape.dispatch({
        shader,
        bindings: { x: dy, factors, shifts: factors, residual: dy, y: tensor },
        ...grid(tape, [pixels, planes], { ...constants, ACCUMULATE: accumulate }),
      });
    }
    if (tape.needs(factors) || (shifts && tape.needs(shifts))) {
      const accumulate = tape.claimGradients(shifts ? [factors, shifts] : [factors]);
      tape.dispatch({
        shader: backwardFactorsShader,
        constants: { PIXELS: pixels, ACCUMULATE: accumulate, WORKGROUP: tape.engine.tuning.reduction },
        bindings: {
          x,
          dy,
          dfactors: tape.gradient(factors),
          dshifts: shifts ? tape.gradient(shifts) : tape.tensor([planes], "unread"),
        },
        workgroups: [planes],
      });
    }
  });
  return y;
}
