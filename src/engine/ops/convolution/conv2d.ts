import forwardShader from "../../../shaders/convolution/conv2d.wgsl";
import backwardInputShader from "../../../shaders/convolution/conv2d_backward_input.wgsl";
import backwardWeightShader from "../../../shaders/convolution/conv2d_backward_weight.wgsl";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";
import { shapeError } from "../shape-error.js";

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
 * / stride⌋ + 1.
 * @throws {ShapeError} if the shapes do not fit, or circular padding is wider than the image.
 */
export function conv2d(tape: Tape, x: Tensor, w: Tensor, options: Conv2dOptions = {}): Tensor {
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
  const { elementwise, reduction } = tape.engine.tuning;
  const multiplyAdds = N * O * outH * outW * I * h * width;
  tape.dispatch({
    shader: forwardShader,
    constants: { ...constants, BATCH: N, WORKGROUP: elementwise },
    bindings: { x, w, y },
    workgroups: [Math.ceil((outH * outW) / elementwise), O === 1 ? Math.ceil(N / 4) : N * Math.ceil(O / 4)],
    multiplyAdds,
  });
  tape.differentiable([x, w], [y], () => {
    const dy = tape.gradient(y);
    if (tape.needs(x)) {
      const { tensor, accumulate } = tape.gradientTarget(x);
      tape.dispatch({
        shader: backwardInputShader,
        constants: { ...constants, ACCUMULATE: accumulate, WORKGROUP: elementwise },
        bindings: { dy, w, dx: tensor },
        workgroups: [Math.ceil((H * W) / elementwise), N * I],
        multiplyAdds,
      });
    }
    if (tape.needs(w)) {
      const { tensor, accumulate } = tape.gradientTarget(w);
      tape.dispatch({
        shader: backwardWeightShader,
        constants: { ...constants, BATCH: N, ACCUMULATE: accumulate, WORKGROUP: reduction },
        bindings: { dy, x, dw: tensor },
        workgroups: [h * Math.ceil(width / 4), I, O],
        multiplyAdds,
      });
    }
  });
  return y;
}
