import forwardShader from "../../../shaders/convolution/conv3x3.wgsl";
import backwardBiasShader from "../../../shaders/convolution/conv3x3_backward_bias.wgsl";
import backwardWeightShader from "../../../shaders/convolution/conv3x3_backward_weight.wgsl";
import subgroupShader from "../../../shaders/convolution/conv3x3_subgroup.wgsl";
import packShader from "../../../shaders/convolution/pack_conv3x3.wgsl";
import reluBackwardShader from "../../../shaders/elementwise/relu_backward.wgsl";
import { accumulateGradient } from "../../recording/accumulate-gradient.js";
import { forwardOnly } from "../../recording/forward-only.js";
import { elementwiseVec4, grid, storedAs } from "../../recording/launch.js";
import type { Tape } from "../../recording/tape.js";
import { type DType, roundUp, type Tensor } from "../../tensors/tensor.js";
import { shapeError } from "../shape-error.js";

/** Options of {@link conv3x3}. */
export interface Conv3x3Options {
  /** [O], added to the channels before ReLU or the residual. */
  readonly bias?: Tensor;
  /** Whether negative results become zero. */
  readonly relu?: boolean;
  /** [N, O, H, W], added to the result; not together with `relu`. */
  readonly residual?: Tensor;
  /** The weights packed by {@link packConv3x3} in another recording, which saves packing them in each run. */
  readonly packed?: Tensor;
  /** Where to write the result, instead of a new tensor. */
  readonly out?: Tensor;
}

/** Rows of the image per invocation, and channels per group of weights, as in the shader. */
const ROWS = 4;
const CHANNELS = 16;

/** Limit of the invocations of the weights' gradient, see its shader. */
const MAX_LANES = 32;

/**
 * Weights [O, I, 3, 3] and, optionally, biases [O] in the order in which the shader of {@link conv3x3} reads them, stored
 * as f32 by default.
 */
export function packConv3x3(tape: Tape, w: Tensor, dtype?: DType, bias?: Tensor): Tensor {
  const [O = 0, I = 0] = w.shape;
  return pack(tape, { w, bias, inputs: I, outputs: O, dtype });
}

/**
 * 3×3 cross-correlation with zero padding, tuned for large images: x [N, I, H, W] ⋆ w [O, I, 3, 3] →
 * [N, O, H, W]. The pipelines serve images of every size. Image, packed weights and result may each be stored
 * as f16; sums are in f32.
 * @throws {ShapeError} if the shapes do not fit, or residual and result are not stored alike.
 */
export function conv3x3(tape: Tape, x: Tensor, w: Tensor, options: Conv3x3Options = {}): Tensor {
  const y = convolve(tape, x, w, options);
  const [N = 0, I = 0, H = 0, W = 0] = x.shape;
  const O = y.shape[1] as number;
  const { bias, relu = false, residual } = options;
  tape.differentiable(given(x, w, options), [y], () => {
    const dy = tape.gradient(y);
    if (relu) {
      tape.dispatch({ shader: reluBackwardShader, bindings: { y, dy }, ...elementwiseVec4(tape, dy) });
    }
    if (residual) accumulateGradient(tape, dy, residual);
    if (tape.needs(x)) {
      const { tensor, accumulate } = tape.gradientTarget(x);
      correlate(tape, {
        x: dy,
        packed: pack(tape, { w, inputs: O, outputs: I, adjoint: true }),
        y: tensor,
        accumulate,
      });
    }
    if (tape.needs(w)) {
      const { tensor, accumulate } = tape.gradientTarget(w);
      tape.dispatch({
        shader: backwardWeightShader,
        constants: { WORKGROUP: Math.min(tape.engine.tuning.reduction, MAX_LANES) },
        bindings: {
          shape: tape.constant(Uint32Array.of(N, I, O, H, W, Number(accumulate)), "shape"),
          dy,
          x,
          dw: tensor,
        },
        workgroups: [Math.ceil(I / 2), Math.ceil(O / 4)],
        multiplyAdds: 9 * y.size * I,
      });
    }
    if (bias && tape.needs(bias)) {
      const { tensor, accumulate } = tape.gradientTarget(bias);
      tape.dispatch({
        shader: backwardBiasShader,
        constants: { ACCUMULATE: accumulate, WORKGROUP: tape.engine.tuning.reduction },
        bindings: { shape: tape.constant(Uint32Array.of(N, O, H * W), "shape"), dy, dbias: tensor },
        workgroups: [O],
      });
    }
  });
  return y;
}

/**
 * {@link conv3x3} without its gradient.
 * @throws {ShapeError} as {@link conv3x3} does.
 */
export function conv3x3Forward(tape: Tape, x: Tensor, w: Tensor, options: Conv3x3Options = {}): Tensor {
  const y = convolve(tape, x, w, options);
  forwardOnly(tape, "conv3x3Forward", given(x, w, options), [y]);
  return y;
}

/** The tensors on which the result depends. */
function given(x: Tensor, w: Tensor, { residual, bias }: Conv3x3Options): Tensor[] {
  return [x, w, residual, bias].filter((each) => each !== undefined);
}

function convolve(tape: Tape, x: Tensor, w: Tensor, options: Conv3x3Options = {}): Tensor {
  const [N = 0, I = 0, H = 0, W = 0] = x.shape;
  const [O = 0, ...kernel] = w.shape;
  const { bias, relu = false, residual } = options;
  if (x.shape.length !== 4 || String(kernel) !== `${I},3,3`) {
    throw shapeError("conv3x3", "x [N, I, H, W] and weights [O, I, 3, 3]", x, w);
  }
  const shape = [N, O, H, W];
  const y = options.out ?? tape.tensor(shape, "conv3x3");
  const fits = [y, residual ?? y].every(({ size }) => size === N * O * H * W);
  if (!fits || (residual && relu) || (bias && bias.size !== O)) {
    const wanted = `a result and a residual [${shape}], or a ReLU, and a bias [${O}]`;
    throw shapeError("conv3x3", wanted, ...given(y, w, options));
  }
  correlate(tape, {
    x,
    packed: options.packed ?? packConv3x3(tape, w, undefined, bias),
    residual,
    y,
    relu,
  });
  return y;
}

interface Correlation {
  readonly x: Tensor;
  readonly packed: Tensor;
  readonly y: Tensor;
  readonly residual?: Tensor | undefined;
  readonly relu?: boolean;
  readonly accumulate?: boolean;
}

function correlate(
  tape: Tape,
  { x, packed, y, residual, relu = false, accumulate = false }: Correlation,
): void {
  const [N = 0, I = 0, H = 0, W = 0] = x.shape;
  const O = y.shape[1] as number;
  const { products, convolution } = tape.engine.tuning;
  const shared = products === "subgroup";
  const flags = [relu, residual !== undefined, accumulate].map(Number);
  const stored = storedAs(y, residual ?? y);
  // Every binding needs a tensor of its type, even if the shader does not read it.
  const unread = x.dtype === stored ? x : tape.tensor([2], "unread", stored);
  tape.dispatch({
    shader: shared ? subgroupShader : forwardShader,
    constants: { NARROW: O <= 4, [shared ? "LANES" : "WORKGROUP"]: convolution },
    types: { X: x.dtype, Y: stored, W: packed.dtype },
    bindings: {
      shape: tape.constant(Uint32Array.of(I, O, H, W, ...flags), "shape"),
      x,
      w: packed,
      residual: residual ?? unread,
      y,
    },
    workgroups: [Math.ceil((W * Math.ceil(H / ROWS)) / convolution), N * Math.ceil(O / CHANNELS)],
    multiplyAdds: 9 * I * y.size,
  });
}

interface Packing {
  readonly w: Tensor;
  readonly bias?: Tensor | undefined;
  readonly inputs: number;
  readonly outputs: number;
  readonly adjoint?: boolean;
  readonly dtype?: DType | undefined;
}

function pack(tape: Tape, { w, bias, inputs, outputs, adjoint = false, dtype }: Packing): Tensor {
  const packedOutputs = outputs <= 4 ? 4 : roundUp(outputs, CHANNELS);
  const packed = tape.tensor([inputs, 3, packedOutputs, 4], "packed", dtype);
  tape.dispatch({
    shader: packShader,
    types: { Packed: packed.dtype },
    // A binding must be given also where it stays unread.
    bindings: { w, bias: bias ?? w, packed },
    ...grid(tape, [packed.size / 4], {
      INPUTS: inputs,
      OUTPUTS: outputs,
      PACKED_OUTPUTS: packedOutputs,
      ADJOINT: adjoint,
      BIASED: bias !== undefined,
    }),
  });
  return packed;
}
