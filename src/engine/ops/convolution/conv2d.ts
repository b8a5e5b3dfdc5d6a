import forwardShader from "../../../shaders/convolution/conv2d.wgsl";
import backwardInputShader from "../../../shaders/convolution/conv2d_backward_input.wgsl";
import backwardWeightShader from "../../../shaders/convolution/conv2d_backward_weight.wgsl";
import { refuseGradients } from "../../recording/forward-only.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";
import { shapeError } from "../shape-error.js";
import { type ConvolutionSizes, convolveByProduct, isProduct } from "./conv2d-by-product.js";

/** Options of {@link conv2d}. */
export interface Conv2dOptions {
  /** Step between output pixels; default: 1. */
  readonly stride?: number;
  /** Pixels added on each side; default: 0, a valid convolution. */
  readonly padding?: number;
  /** Padding with zeros, or by wrapping around; default: zeros. */
  readonly mode?: "zero" | "circular";
  /** Where to write the result, instead of a new tensor. */
  readonly out?: Tensor;
}

/**
 * Cross-correlation: x [N, I, H, W] ⋆ w [O, I, h, w] → [N, O, H', W'] with H' = ⌊(H + 2 · padding − h)
 * / stride⌋ + 1. Where O, I · h · w and H' · W' are multiples of four, and the columns take at most 64 MiB, it is a matrix
 * product, which is several times as fast.
 * @throws {ShapeError} if the shapes do not fit, or circular padding is wider than the image.
 */
export function conv2d(tape: Tape, x: Tensor, w: Tensor, options: Conv2dOptions = {}): Tensor {
  const convolution = convolutionOf(tape, x, w, options);
  const { y, sizes } = convolution;
  if (isProduct(x.shape[0] as number, sizes)) {
    convolveByProduct(tape, x, w, y, sizes);
    return y;
  }
  correlate(tape, x, w, convolution);
  const { elementwise } = tape.engine.tuning;
  tape.differentiable([x, w], [y], () => {
    if (tape.needs(x)) {
      const { tensor, accumulate } = tape.gradientTarget(x);
      const [N = 0, I = 0, H = 0, W = 0] = x.shape;
      tape.dispatch({
        shader: backwardInputShader,
        constants: { ...sizes, ACCUMULATE: accumulate, WORKGROUP: elementwise },
        bindings: { dy: tape.gradient(y), w, dx: tensor },
        workgroups: [Math.ceil((H * W) / elementwise), N * I],
        multiplyAdds: convolution.multiplyAdds,
      });
    }
    weightGradient(tape, x, w, convolution);
  });
  return y;
}

/**
 * {@link conv2d} of an image that gets no gradient; the weights get theirs.
 * @throws {ShapeError} as {@link conv2d} does.
 */
export function conv2dOfConstant(tape: Tape, x: Tensor, w: Tensor, options: Conv2dOptions = {}): Tensor {
  const convolution = convolutionOf(tape, x, w, options);
  correlate(tape, x, w, convolution);
  tape.differentiable([x, w], [convolution.y], () => {
    refuseGradients(tape, "conv2dOfConstant", [x]);
    weightGradient(tape, x, w, convolution);
  });
  return convolution.y;
}

interface Convolution {
  readonly y: Tensor;
  readonly sizes: ConvolutionSizes;
  readonly multiplyAdds: number;
}

/** Checks the shapes, and makes the result's tensor. */
function convolutionOf(tape: Tape, x: Tensor, w: Tensor, options: Conv2dOptions): Convolution {
  const { stride = 1, padding = 0, mode = "zero" } = options;
  const [N = 0, I = 0, H = 0, W = 0] = x.shape;
  const [O = 0, inputs, h = 0, width = 0] = w.shape;
  const outH = Math.floor((H + 2 * padding - h) / stride) + 1;
  const outW = Math.floor((W + 2 * padding - width) / stride) + 1;
  if (x.shape.length !== 4 || w.shape.length !== 4 || inputs !== I || outH < 1 || outW < 1) {
    throw shapeError("conv2d", "an image [N, I, H, W] and smaller weights [O, I, h, w]", x, w);
  }
  if (mode === "circular" && padding > Math.min(H, W)) {
    throw shapeError(`Circular padding of ${padding}`, "an image at least as large", x);
  }
  const y = options.out ?? tape.tensor([N, O, outH, outW], "conv2d");
  if (y.size !== N * O * outH * outW) throw shapeError("conv2d", `a result [${[N, O, outH, outW]}]`, y);
  const sizes = {
    INPUTS: I,
    HEIGHT: H,
    WIDTH: W,
    OUTPUTS: O,
    KERNEL_HEIGHT: h,
    KERNEL_WIDTH: width,
    OUT_HEIGHT: outH,
    OUT_WIDTH: outW,
    STRIDE: stride,
    PADDING: padding,
    // Without padding nothing wraps around.
    CIRCULAR: mode === "circular" && padding > 0,
  };
  return { y, sizes, multiplyAdds: N * O * outH * outW * I * h * width };
}

/** Records the forward pass. */
function correlate(tape: Tape, x: Tensor, w: Tensor, { y, sizes, multiplyAdds }: Convolution): void {
  const { elementwise } = tape.engine.tuning;
  const [N = 0] = x.shape;
  const { OUTPUTS, OUT_HEIGHT, OUT_WIDTH } = sizes;
  tape.dispatch({
    shader: forwardShader,
    constants: { ...sizes, BATCH: N, WORKGROUP: elementwise },
    bindings: { x, w, y },
    workgroups: [
      Math.ceil((OUT_HEIGHT * OUT_WIDTH) / elementwise),
      OUTPUTS === 1 ? Math.ceil(N / 4) : N * Math.ceil(OUTPUTS / 4),
    ],
    multiplyAdds,
  });
}

/** Part of a backward pass: the gradient of the weights, if the pass needs it. */
function weightGradient(tape: Tape, x: Tensor, w: Tensor, { y, sizes, multiplyAdds }: Convolution): void {
  if (!tape.needs(w)) return;
  const { tensor, accumulate } = tape.gradientTarget(w);
  const [O = 0, I = 0, h = 0, width = 0] = w.shape;
  tape.dispatch({
    shader: backwardWeightShader,
    constants: {
      ...sizes,
      BATCH: x.shape[0],
      ACCUMULATE: accumulate,
      WORKGROUP: tape.engine.tuning.reduction,
    },
    bindings: { dy: tape.gradient(y), x, dw: tensor },
    workgroups: [h * Math.ceil(width / 4), I, O],
    multiplyAdds,
  });
}
