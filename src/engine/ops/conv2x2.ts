import downsampleShader from "../../shaders/downsample2x2.wgsl";
import backwardWeightShader from "../../shaders/resample2x2_backward_weight.wgsl";
import upsampleShader from "../../shaders/upsample2x2.wgsl";
import { ShapeError } from "../errors.js";
import type { Tape } from "../tape.js";
import type { Tensor } from "../tensor.js";

/** Channels that one invocation makes; as in the shaders. */
const DOWNSAMPLED_CHANNELS = 8;
const UPSAMPLED_CHANNELS = 4;

/**
 * 2×2 convolution with stride 2: x [N, I, 2H, 2W], w [O, I, 2, 2] → [N, O, H, W].
 * @param out where to write the result, instead of a new tensor.
 * @throws {ShapeError} if the shapes do not fit, or the image has an odd side.
 */
export function downsample2x2(tape: Tape, x: Tensor, w: Tensor, out?: Tensor): Tensor {
  const [N = 0, , H = 0, W = 0] = x.shape;
  const [O = 0, inputs] = w.shape;
  checkShapes("downsample2x2", x, w, inputs);
  if (H % 2 || W % 2) throw new ShapeError(`downsample2x2 wants even sides; got an image [${x.shape}].`);
  const y = result(tape, [N, O, H / 2, W / 2], out);
  const size = tape.constant(Uint32Array.of(H / 2, W / 2), "size");
  downsample(tape, size, x, w, y, false);
  tape.differentiable([x, w], [y], () => {
    const dy = tape.gradient(y);
    if (tape.needs(x)) {
      const { tensor, accumulate } = tape.gradientTarget(x);
      upsample(tape, size, dy, w, tensor, accumulate);
    }
    weightGradient(tape, size, { small: dy, large: x, w });
  });
  return y;
}

/**
 * Transposed 2×2 convolution with stride 2: x [N, I, H, W], w [I, O, 2, 2] → [N, O, 2H, 2W].
 * @param out where to write the result, instead of a new tensor.
 * @throws {ShapeError} if the shapes do not fit.
 */
export function upsample2x2(tape: Tape, x: Tensor, w: Tensor, out?: Tensor): Tensor {
  const [N = 0, , H = 0, W = 0] = x.shape;
  const [inputs, O = 0] = w.shape;
  checkShapes("upsample2x2", x, w, inputs);
  const y = result(tape, [N, O, 2 * H, 2 * W], out);
  const size = tape.constant(Uint32Array.of(H, W), "size");
  upsample(tape, size, x, w, y, false);
  tape.differentiable([x, w], [y], () => {
    const dy = tape.gradient(y);
    if (tape.needs(x)) {
      const { tensor, accumulate } = tape.gradientTarget(x);
      downsample(tape, size, dy, w, tensor, accumulate);
    }
    weightGradient(tape, size, { small: x, large: dy, w });
  });
  return y;
}

function checkShapes(name: string, x: Tensor, w: Tensor, inputs: number | undefined): void {
  const [, , height, width] = w.shape;
  if (x.shape.length !== 4 || w.shape.length !== 4 || height !== 2 || width !== 2 || inputs !== x.shape[1]) {
    throw new ShapeError(`${name} cannot take weights [${w.shape}] over an image [${x.shape}].`);
  }
}

function result(tape: Tape, shape: readonly number[], out: Tensor | undefined): Tensor {
  const y = out ?? tape.tensor(shape, "conv2x2");
  if (y.shape.join() !== shape.join())
    throw new ShapeError(`The result is [${shape}]; asked for [${y.shape}].`);
  return y;
}

function downsample(tape: Tape, size: Tensor, x: Tensor, w: Tensor, y: Tensor, accumulate: boolean): void {
  const [N = 0, O = 0, H = 0, W = 0] = y.shape;
  const I = x.shape[1] as number;
  const workgroup = tape.engine.tuning.elementwise;
  tape.dispatch({
    shader: downsampleShader,
    constants: { INPUTS: I, OUTPUTS: O, ACCUMULATE: accumulate, WORKGROUP: workgroup },
    bindings: { size, x, w, y },
    workgroups: [Math.ceil((H * W) / workgroup), N * Math.ceil(O / DOWNSAMPLED_CHANNELS)],
    multiplyAdds: y.size * I * 4,
  });
}

function upsample(tape: Tape, size: Tensor, x: Tensor, w: Tensor, y: Tensor, accumulate: boolean): void {
  const [N = 0, I = 0, H = 0, W = 0] = x.shape;
  const O = y.shape[1] as number;
  const workgroup = tape.engine.tuning.elementwise;
  tape.dispatch({
    shader: upsampleShader,
    constants: { INPUTS: I, OUTPUTS: O, ACCUMULATE: accumulate, WORKGROUP: workgroup },
    bindings: { size, x, w, y },
    workgroups: [Math.ceil((H * W) / workgroup), N * Math.ceil(O / UPSAMPLED_CHANNELS)],
    multiplyAdds: x.size * O * 4,
  });
}

/** Of the weights [small channels, large channels, 2, 2], if it is wanted. */
function weightGradient(
  tape: Tape,
  size: Tensor,
  { small, large, w }: { small: Tensor; large: Tensor; w: Tensor },
): void {
  if (!tape.needs(w)) return;
  const [N = 0, S = 0] = small.shape;
  const L = large.shape[1] as number;
  const { tensor, accumulate } = tape.gradientTarget(w);
  tape.dispatch({
    shader: backwardWeightShader,
    constants: {
      BATCH: N,
      SMALL: S,
      LARGE: L,
      ACCUMULATE: accumulate,
      WORKGROUP: tape.engine.tuning.reduction,
    },
    bindings: { size, small, large, dw: tensor },
    workgroups: [L, Math.ceil(S / 4)],
    multiplyAdds: small.size * L * 4,
  });
}
