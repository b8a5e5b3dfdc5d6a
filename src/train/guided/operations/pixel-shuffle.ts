import type { Constants } from "../../../engine/device/bindings.js";
import { shapeError } from "../../../engine/ops/shape-error.js";
import { grid } from "../../../engine/recording/launch.js";
import type { Tape } from "../../../engine/recording/tape.js";
import type { Tensor } from "../../../engine/tensors/tensor.js";
import { CONTRAST, guidedPlanes } from "../../../model/guided/planes.js";
import shuffleShader from "../../../shaders/guided-training/pixel_shuffle.wgsl";
import unshuffleShader from "../../../shaders/guided-training/pixel_unshuffle.wgsl";

/**
 * Planes as pixels of a larger image: x [N, 3·s², h, w] → [N, 3, s·h, s·w].
 * @throws {ShapeError} if the shape does not fit.
 */
export function pixelShuffle(tape: Tape, x: Tensor, scale: number): Tensor {
  const [N = 0, channels, h = 0, w = 0] = x.shape;
  if (channels !== 3 * scale ** 2) {
    throw shapeError("pixelShuffle", `planes [N, ${3 * scale ** 2}, h, w]`, x);
  }
  const y = tape.tensor([N, 3, h * scale, w * scale], "shuffled");
  shuffle(tape, x, y, scale, {});
  tape.differentiable([x], [y], () => {
    const { tensor, accumulate } = tape.gradientTarget(x);
    tape.dispatch({
      shader: unshuffleShader,
      bindings: { x: tape.gradient(y), y: tensor },
      ...grid(tape, [h * w, 3 * N * scale ** 2], {
        SCALE: scale,
        HEIGHT: h,
        WIDTH: w,
        ACCUMULATE: accumulate,
      }),
    });
  });
  return y;
}

/**
 * What a later stage of the guided network sees, with its gradient: the small image and the picture so far.
 * @throws {ShapeError} if the shapes do not fit.
 */
export function picturePlanes(tape: Tape, small: Tensor, picture: Tensor, scale: number): Tensor {
  const y = guidedPlanes(tape, { small, sharp: picture, scale });
  tape.differentiable([picture], [y], () => {
    const { tensor, accumulate } = tape.gradientTarget(picture);
    shuffle(tape, tape.gradient(y), tensor, scale, { FIRST: 3, FACTOR: CONTRAST, ACCUMULATE: accumulate });
  });
  return y;
}

function shuffle(tape: Tape, x: Tensor, y: Tensor, scale: number, constants: Constants): void {
  const [N = 0, channels = 0, h = 0, w = 0] = x.shape;
  tape.dispatch({
    shader: shuffleShader,
    bindings: { x, y },
    ...grid(tape, [h * w * scale ** 2, 3 * N], {
      SCALE: scale,
      HEIGHT: h,
      WIDTH: w,
      CHANNELS: channels,
      ...constants,
    }),
  });
}
