import forwardShader from "../../../shaders/rearrange/pad_replicate.wgsl";
import backwardShader from "../../../shaders/rearrange/pad_replicate_backward.wgsl";
import { forwardOnly } from "../../recording/forward-only.js";
import { grid } from "../../recording/launch.js";
import type { StepCounter } from "../../recording/step-counter.js";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";
import { shapeError } from "../shape-error.js";

/** An additional channel that is constant over the image. */
export interface ConstantChannel {
  /** `[steps, N]`: the value at each step for each item; it gets no gradient. */
  readonly values: Tensor;
  readonly counter: StepCounter;
}

/** Options of {@link padReplicate}. */
export interface PadOptions {
  /** A channel to append to the image's own. */
  readonly channel?: ConstantChannel;
  /** Where to write the result, instead of a new tensor. */
  readonly out?: Tensor;
}

/**
 * Pads an image on the right and below with copies of its border: x [N, C, H, W] →
 * [N, C (+ 1), height, width].
 * @throws {ShapeError} if the result would be smaller than the image.
 */
export function padReplicate(
  tape: Tape,
  x: Tensor,
  size: readonly [number, number],
  options: PadOptions = {},
): Tensor {
  const y = pad(tape, x, size, options);
  const [N = 0, C = 0, H = 0, W = 0] = x.shape;
  tape.differentiable([x], [y], () => {
    const { tensor, accumulate } = tape.gradientTarget(x);
    tape.dispatch({
      shader: backwardShader,
      bindings: {
        sizes: tape.constant(Uint32Array.of(N, H, W, ...size), "sizes"),
        dy: tape.gradient(y),
        dx: tensor,
      },
      ...grid(tape, [H * W, N * C], {
        CHANNELS: C,
        EXTRA: options.channel !== undefined,
        ACCUMULATE: accumulate,
      }),
    });
  });
  return y;
}

/**
 * {@link padReplicate} without its gradient.
 * @throws {ShapeError} as {@link padReplicate} does.
 */
export function padReplicateForward(
  tape: Tape,
  x: Tensor,
  size: readonly [number, number],
  options: PadOptions = {},
): Tensor {
  const y = pad(tape, x, size, options);
  forwardOnly(tape, "padReplicateForward", [x], [y]);
  return y;
}

function pad(
  tape: Tape,
  x: Tensor,
  [height, width]: readonly [number, number],
  { channel, out }: PadOptions,
): Tensor {
  const [N = 0, C = 0, H = 0, W = 0] = x.shape;
  const shape = [N, C + (channel ? 1 : 0), height, width];
  const y = out ?? tape.tensor(shape, "padded");
  if (x.shape.length !== 4 || height < H || width < W || y.shape.join() !== shape.join()) {
    throw shapeError(
      "padReplicate",
      `[N, C, H, W] of at most ${height}×${width} pixels and a fitting result`,
      x,
      y,
    );
  }
  const sizes = tape.constant(Uint32Array.of(N, H, W, height, width), "sizes");
  // Every binding needs a tensor, even if there is no additional channel that would read it.
  const values = channel?.values ?? x;
  const counter = channel?.counter.tensor ?? sizes;
  tape.dispatch({
    shader: forwardShader,
    bindings: { sizes, x, values, counter, y },
    ...(channel && { index: channel.counter.rowOf(channel.values, N) }),
    ...grid(tape, [height * width, N * (shape[1] as number)], { CHANNELS: C, EXTRA: channel !== undefined }),
  });
  return y;
}
