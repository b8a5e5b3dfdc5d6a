import { shapeError } from "../../../engine/ops/shape-error.js";
import { grid } from "../../../engine/recording/launch.js";
import type { Tape } from "../../../engine/recording/tape.js";
import type { Tensor } from "../../../engine/tensors/tensor.js";
import shader from "../../../shaders/guided-training/trust_data.wgsl";
import backwardShader from "../../../shaders/guided-training/trust_data_backward.wgsl";

/** How much a data step trusts the data of N images. */
export interface Trust {
  /** Half spectra [N, h, ⌊w / 2⌋ + 1, 2] of the blurs' powers, whose imaginary parts are zero. */
  readonly power: Tensor;
  /** [N]: the weight of the picture against the data where the trust is zero; without a gradient. */
  readonly base: Tensor;
  /** [N, 1] */
  readonly trust: Tensor;
}

/**
 * Divides half spectra x [N · C, h, ⌊w / 2⌋ + 1, 2] by power + base · exp(trust).
 * @throws {ShapeError} if the shapes do not fit.
 */
export function trustData(tape: Tape, x: Tensor, { power, base, trust }: Trust): Tensor {
  const [images = 0] = x.shape;
  const [batch = 1] = power.shape;
  const bins = power.size / 2 / batch;
  const channels = images / batch;
  if (x.size !== images * bins * 2 || base.size !== batch || trust.size !== batch || images % batch) {
    throw shapeError(
      "trustData",
      "spectra, powers, and a base and a trust for each image",
      x,
      power,
      base,
      trust,
    );
  }
  const y = tape.tensor(x.shape, "trusted data");
  const constants = { BINS: bins, CHANNELS: channels };
  const divide = (from: Tensor, to: Tensor, accumulate: boolean): void =>
    tape.dispatch({
      shader,
      bindings: { x: from, power, base, trust, y: to },
      ...grid(tape, [bins, images], { ...constants, ACCUMULATE: accumulate }),
    });
  divide(x, y, false);
  tape.differentiable([x, trust], [y], () => {
    const dy = tape.gradient(y);
    if (tape.needs(x)) {
      const { tensor, accumulate } = tape.gradientTarget(x);
      divide(dy, tensor, accumulate);
    }
    if (tape.needs(trust)) {
      const { tensor, accumulate } = tape.gradientTarget(trust);
      tape.dispatch({
        shader: backwardShader,
        constants: { ...constants, ACCUMULATE: accumulate, WORKGROUP: tape.engine.tuning.reduction },
        bindings: { y, power, base, trust, dy, dtrust: tensor },
        workgroups: [batch],
      });
    }
  });
  return y;
}
