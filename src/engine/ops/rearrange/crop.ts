import forwardShader from "../../../shaders/rearrange/crop.wgsl";
import backwardShader from "../../../shaders/rearrange/crop_backward.wgsl";
import { ShapeError } from "../../errors.js";
import { elementwise } from "../../recording/launch.js";
import type { StepCounter } from "../../recording/step-counter.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";

/** Where {@link crop} takes its window. */
export interface CropOptions {
  /** [steps, 2] of u32: top and left of each step's window, which must lie within the source. */
  readonly offsets: Tensor;
  readonly counter: StepCounter;
  /** Side length of the square window, without the margin. */
  readonly size: number;
  /** Pixels more on each side; beyond its borders the source comes again. 0 unless given. */
  readonly margin?: number;
  /** Offsets are multiplied by this; 1 unless given. */
  readonly scale?: number;
  /** Where to write the window, instead of a new tensor. */
  readonly out?: Tensor;
}

/**
 * The window of this step: source [C, H, W] → [C, side, side], side = size + 2 · margin, at an offset that the GPU looks up by the step counter.
 * Gradient: the window's in its place, zero elsewhere.
 * @throws {ShapeError} if the source is smaller than the window.
 */
export function crop(tape: Tape, source: Tensor, options: CropOptions): Tensor {
  const { offsets, counter, size, margin = 0, scale = 1 } = options;
  const side = size + 2 * margin;
  const [C = 0, H = 0, W = 0] = source.shape;
  if (source.shape.length !== 3 || H < side || W < side) {
    throw new ShapeError(`crop cannot take ${side}×${side} out of [${source.shape}].`);
  }
  const out = options.out ?? tape.tensor([C, side, side], "crop");
  const constants = {
    PLANES: C,
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
    ...elementwise(tape, C * side * side, constants),
  });
  tape.differentiable([source], [out], () => {
    const { tensor, accumulate } = tape.gradientTarget(source);
    tape.dispatch({
      shader: backwardShader,
      bindings: { dout: tape.gradient(out), offsets, counter: counter.tensor, dsource: tensor },
      index,
      ...elementwise(tape, source.size, { ...constants, ACCUMULATE: accumulate }),
    });
  });
  return out;
}
