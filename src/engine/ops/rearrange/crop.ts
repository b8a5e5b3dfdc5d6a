import forwardShader from "../../../shaders/rearrange/crop.wgsl";
import backwardShader from "../../../shaders/rearrange/crop_backward.wgsl";
import { forwardOnly } from "../../recording/forward-only.js";
import { grid } from "../../recording/launch.js";
import type { StepCounter } from "../../recording/step-counter.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";
import { shapeError } from "../shape-error.js";

/** Options of {@link crop}. */
export interface CropOptions {
  /** [steps, 2] of u32: top and left of each step's window, which must lie within the source. */
  readonly offsets: Tensor;
  readonly counter: StepCounter;
  /** Side length of the square window, without the margin. */
  readonly size: number;
  /** Pixels added on each side, where the source wraps around; default: 0. */
  readonly margin?: number;
  /** Factor of the offsets; default: 1. */
  readonly scale?: number;
  /** Where to write the window, instead of a new tensor. */
  readonly out?: Tensor;
}

/**
 * The window of this step: source [C, H, W] → [C, side, side], side = size + 2 · margin, at the step's
 * offset. The gradient of the source is that of the window at its place, and zero elsewhere.
 * @throws {ShapeError} if the source is smaller than the window.
 */
export function crop(tape: Tape, source: Tensor, options: CropOptions): Tensor {
  const { out, index, constants } = cut(tape, source, options);
  const { offsets, counter } = options;
  tape.differentiable([source], [out], () => {
    const [C = 0, H = 0, W = 0] = source.shape;
    const { tensor, accumulate } = tape.gradientTarget(source);
    tape.dispatch({
      shader: backwardShader,
      bindings: { dout: tape.gradient(out), offsets, counter: counter.tensor, dsource: tensor },
      index,
      ...grid(tape, [W, H, C], { ...constants, ACCUMULATE: accumulate }),
    });
  });
  return out;
}

/**
 * {@link crop} without its gradient.
 * @throws {ShapeError} as {@link crop} does.
 */
export function cropForward(tape: Tape, source: Tensor, options: CropOptions): Tensor {
  const { out } = cut(tape, source, options);
  forwardOnly(tape, "cropForward", [source], [out]);
  return out;
}

function cut(tape: Tape, source: Tensor, options: CropOptions) {
  const { offsets, counter, size, margin = 0, scale = 1 } = options;
  const side = size + 2 * margin;
  const [C = 0, H = 0, W = 0] = source.shape;
  if (source.shape.length !== 3 || H < side || W < side) {
    throw shapeError("crop", `[C, H, W] of at least ${side}×${side} pixels`, source);
  }
  const out = options.out ?? tape.tensor([C, side, side], "crop");
  const constants = {
    HEIGHT: H,
    WIDTH: W,
    OUT_HEIGHT: side,
    OUT_WIDTH: side,
    SCALE: scale,
    MARGIN: margin,
  };
  const index = counter.rowOf(offsets, 2);
  tape.dispatch({
    shader: forwardShader,
    bindings: { source, offsets, counter: counter.tensor, out },
    index,
    ...grid(tape, [side, side, C], constants),
  });
  return { out, index, constants };
}
