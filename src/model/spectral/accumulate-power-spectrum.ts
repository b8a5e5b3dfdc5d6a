import { shapeError } from "../../engine/ops/shape-error.js";
import { grid } from "../../engine/recording/launch.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import shader from "../../shaders/fft/power_spectrum.wgsl";

/** Options of {@link accumulatePowerSpectrum}. */
export interface PowerOptions {
  /** Sum of the squared window weights: dividing by it gives noise of variance 1 the power 1. */
  readonly energy: number;
  /** Added to each power, so that its logarithm is finite. */
  readonly floor: number;
}

/**
 * Adds functions of the power P of Hann-weighted windows, their means taken off, to running sums: spectra
 * [N, S, S / 2 + 1, 2] as of `realFft2d` → sums [3, S, S / 2 + 1] of 1 / √P, log P and P. Has no gradient.
 * @param count [1] of unsigned integers: so many first windows are taken.
 * @throws {ShapeError} if the shapes do not fit.
 */
export function accumulatePowerSpectrum(
  tape: Tape,
  spectra: Tensor,
  count: Tensor,
  sums: Tensor,
  { energy, floor }: PowerOptions,
): void {
  const [N = 0, side = 0] = spectra.shape;
  const frequencies = side * (side / 2 + 1);
  if (spectra.size !== 2 * N * frequencies || sums.size !== 3 * frequencies || count.size !== 1) {
    throw shapeError(
      "accumulatePowerSpectrum",
      "[N, S, S / 2 + 1, 2], [1], [3, S, S / 2 + 1]",
      spectra,
      count,
      sums,
    );
  }
  tape.dispatch({
    shader,
    bindings: { spectra, count, sums },
    ...grid(tape, [frequencies], { SIDE: side, ENERGY: energy, FLOOR: floor }),
  });
}
