import forwardShader from "../../../shaders/convolution/conv2d.wgsl";
import backwardInputShader from "../../../shaders/convolution/conv2d_backward_input.wgsl";
import backwardWeightShader from "../../../shaders/convolution/conv2d_backward_weight.wgsl";
import type { Constants } from "../../device/bindings.js";
import { refuseGradients } from "../../recording/forward-only.js";
import { grid } from "../../recording/launch.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";
import { shapeError } from "../shape-error.js";
import { convolveByProduct } from "./conv2d-by-product.js";
import type { Conv2dOptions } from "./conv2d-options.js";

/**
 * Cross-correlation: x [N, I, H, W] ⋆ w [O, I, h, w] → [N, O, H', W'] with H' = ⌊(H + 2 · padding − h)
 * / stride⌋ + 1. Where O, I · h · w and H' · W' are multiples of four, it is a matrix
 * product, which is several times as fast, unless its columns cannot be made in parts of 64 MiB (see `partsOf`).
 * @throws {ShapeError} if the shapes do not fit, or circular padding is wider than the image.
 */
export function conv2d(tape: Tape, x: Tensor, w: Tensor, options: Conv2dOptions = {}): Tensor {
  const product = convolveByProduct(tape, x, w, options);
  if (product) {
    tape.differentiable([x, w], [product.y], product.backward);
    return product.y;
  }
  // Without padding nothing wraps around.
  const convolution = correlate(tape, x, w, options.padding ? options : { ...options, mode: "zero" });
  const { y, constants, multiplyAdds } = convolution;
  tape.differentiable([x, w], [y], () => {
    if (tape.needs(x)) {
      const { tensor, accumulate } = tape.gradientTarget(x);
      const [N = 0, I = 0, H = 0, W = 0] = x.shape;
      tape.dispatch({
        shader: backwardInputShader,
        bindings: { dy: tape.gradient(y), w, dx: tensor },
        ...grid(tape, [H * W, N * I], { ...constants, ACCUMULATE: accumulate }),
        multiplyAdds,
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
  const convolution = correlate(tape, x, w, options);
  tape.differentiable([x, w], [convolution.y], () => {
    refuseGradients(tape, "conv2dOfConstant", [x]);
    weightGradient(tape, x, w, convolution);
  });
  return convolution.y;
}

interface Convolution {
  readonly y: Tensor;
  readonly constants: Constants;
  readonly multiplyAdds: number;
}

function correlate(tape: Tape, x: Tensor, w: Tensor, options: Conv2dOptions): Convolution {
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
  const constants = {
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
    CIRCULAR: mode === "circular",
  };
  const multiplyAdds = N * O * outH * outW * I * h * width;
  tape.dispatch({
    shader: forwardShader,
    bindings: { x, w, y },
    ...grid(tape, [outH * outW, O === 1 ? Math.ceil(N / 4) : N * Math.ceil(O / 4)], {
      ...constants,
      BATCH: N,
    }),
    multiplyAdds,
  });
  return { y, constants, multiplyAdds };
}

/** Part of a backward pass: the gradient of the weights, if the pass needs it. */
function weightGradient(tape: Tape, x: Tensor, w: Tensor, { y, constants, multiplyAdds }: Convolution): void {
  if (!tape.needs(w)) return;
  const { tensor, accumulate } = tape.gradientTarget(w);
  const [O = 0, I = 0, h = 0, width = 0] = w.shape;
  tape.dispatch({
    shader: backwardWeightShader,
    constants: {
      ...constants,
      BATCH: x.shape[0],
      ACCUMULATE: accumulate,
      WORKGROUP: tape.engine.tuning.reduction,
    },
    bindings: { dy: tape.gradient(y), x, dw: tensor },
    workgroups: [h * Math.ceil(width / 4), I, O],
    multiplyAdds,
  });
}
