import { shapeError } from "../../engine/ops/shape-error.js";
import { forwardOnly } from "../../engine/recording/forward-only.js";
import { grid } from "../../engine/recording/launch.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { BICUBIC_SLOPE } from "../../image/resize/bicubic.js";
import { wrap } from "../../image/wrap.js";
import pictureShader from "../../shaders/super-resolution/guided_picture.wgsl";
import planesShader from "../../shaders/super-resolution/guided_planes.wgsl";
import { GUESS_COUNT, planeCount } from "./layout.js";

/** What is taken away from the small image's values, and by how much the guesses' differences from it are enlarged. */
const CENTER = 0.5;
export const CONTRAST = 4;

/** A small image [N, 3, h, w] and its two guesses, or one, [N, 3, s·h, s·w] each. */
export interface Guided {
  readonly small: Tensor;
  readonly sharp: Tensor;
  readonly smooth?: Tensor | undefined;
  readonly scale: number;
}

/**
 * What the guided network sees: [N, 3 + 6·s², h, w], or [N, 3 + 3·s², h, w] of one guess. Has no gradient.
 * @throws {ShapeError} if the shapes do not fit.
 */
export function guidedPlanes(tape: Tape, guided: Guided): Tensor {
  const { small, sharp, smooth, scale } = guided;
  const [N = 0, h = 0, w = 0] = sizesOf(guided);
  const channels = planeCount(smooth ? GUESS_COUNT : 1, scale);
  const y = tape.tensor([N, channels, h, w], "planes");
  tape.dispatch({
    shader: planesShader,
    bindings: {
      size: tape.constant(Uint32Array.of(h, w, channels), "size"),
      small,
      sharp,
      calm: smooth ?? sharp,
      y,
    },
    ...grid(tape, [h * w, N * channels], { SCALE: scale, CENTER, CONTRAST }),
  });
  return y;
}

/** Options of {@link guidedPicture}. */
export interface PictureOptions extends Guided {
  /** [N, 2]: how far the base moves from bicubic toward each guess; they get no gradient. Without them it is the sharp guess. */
  readonly gates?: Tensor | undefined;
  /** By how many large pixels the picture is rolled down and right; negative ones up and left. */
  readonly shift?: readonly [down: number, right: number];
}

/**
 * The picture [N, 3, s·h, s·w]: base plus the network's planes x [N, 3·s², h, w]. Has no gradient.
 * @throws {ShapeError} if the shapes do not fit.
 */
export function guidedPicture(tape: Tape, x: Tensor, options: PictureOptions): Tensor {
  const { small, sharp, smooth, scale, gates, shift = [0, 0] } = options;
  const [N = 0, h = 0, w = 0] = sizesOf(options);
  if (x.size !== N * 3 * scale ** 2 * h * w || (gates && gates.size !== 2 * N)) {
    throw shapeError("guidedPicture", "planes and gates of its pixels", x, ...(gates ? [gates] : []));
  }
  const y = tape.tensor([N, 3, h * scale, w * scale], "picture");
  const sizes = tape.constant(
    Uint32Array.of(h, w, wrap(shift[0], h * scale), wrap(shift[1], w * scale)),
    "sizes",
  );
  tape.dispatch({
    shader: pictureShader,
    // A binding must be given also where it stays unread.
    bindings: { sizes, small, sharp, calm: smooth ?? sharp, gates: gates ?? sharp, x, y },
    ...grid(tape, [h * w * scale ** 2, 3 * N], {
      SCALE: scale,
      SLOPE: BICUBIC_SLOPE,
      MIXED: gates !== undefined,
    }),
  });
  forwardOnly(tape, "guidedPicture", [x], [y]);
  return y;
}

function sizesOf({ small, sharp, smooth = sharp, scale }: Guided): readonly number[] {
  const [N = 0, channels, h = 0, w = 0] = small.shape;
  const large = N * 3 * h * w * scale ** 2;
  if (small.shape.length !== 4 || channels !== 3 || sharp.size !== large || smooth.size !== large) {
    throw shapeError("guided", `guesses of ×${scale}`, small, sharp, smooth);
  }
  return [N, h, w];
}
