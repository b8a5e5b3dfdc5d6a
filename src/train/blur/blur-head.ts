import type { ChainHead } from "../../engine/ops/normalization/normalized-layers.js";
import type { Tape } from "../../engine/recording/tape.js";
import { NEUTRAL_CHANNEL } from "../../model/gan/discriminator-initialization.js";

/** Numbers that are read off a patch: the blur's width, and its lean both ways. */
export const READINGS = 3;

const CHANNELS = 64;

/** How far a channel's mean, which is near a half, moves a reading, in square pixels. */
const GAIN = 0.3;

/**
 * The head that reads a blur off the discriminator's last features. It is not learned, so that it can be left
 * out afterward: the channels other than {@link NEUTRAL_CHANNEL} belong to the readings in turn, and every
 * other channel of a reading counts negative.
 */
export function blurHead(tape: Tape, items: number): ChainHead {
  const rows = Array.from({ length: READINGS }, (_, reading) =>
    Array.from({ length: CHANNELS }, (_, channel) => {
      if (channel === NEUTRAL_CHANNEL || channel % READINGS !== reading) return 0;
      return Math.floor(channel / READINGS) % 2 ? -GAIN : GAIN;
    }),
  );
  const weight = Array.from({ length: items }, () => rows.flat()).flat();
  return {
    weight: tape.constant(Float32Array.from(weight), "blur head").reshape([items, READINGS, CHANNELS]),
    bias: tape.constant(new Float32Array(READINGS), "blur head's bias"),
  };
}
