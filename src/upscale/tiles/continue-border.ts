import type { Engine } from "../../engine/device/engine.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import type { UpscaleOptions } from "../upscaler.js";
import { closedFormTile } from "./closed-form-tile.js";
import { type BorderSizes, recordBlur, setBorder } from "./fit-border.js";
import type { TileProgram } from "./tile-program.js";

/**
 * Rounds in which a border is fitted, and the noise level of their closed form, in 255ths: a larger one converges faster. Chosen on
 * training photos with motion and disks, where they gain 5 to 9 dB over a border that is not fitted.
 */
const ROUNDS = 20;
const SIGMA = 3;

/** Records and starts a round of {@link continueBorder} for the tiles that an input gets. */
export async function recordRound(
  engine: Engine,
  options: UpscaleOptions,
  input: Tensor,
): Promise<TileProgram> {
  const round = await closedFormTile(
    engine,
    { ...options, sigma: SIGMA },
    () => input,
    (...recorded) => recordBlur(...recorded, options.kernel),
  );
  round.reset();
  round.start.run();
  return round;
}

/** Continues the planes [3, h, w] of a tile beyond the image's border as the kernel could have blurred them. */
export async function continueBorder(
  engine: Engine,
  planes: Float32Array,
  round: TileProgram,
  { kernel, signal }: UpscaleOptions,
  sizes: BorderSizes,
  read: (tensor: Tensor) => Promise<Float32Array>,
): Promise<void> {
  for (let done = 0; done < ROUNDS; done++) {
    signal?.throwIfAborted();
    engine.write(round.input, planes);
    round.iteration.run();
    setBorder(planes, await read(round.output), kernel, sizes);
  }
}
