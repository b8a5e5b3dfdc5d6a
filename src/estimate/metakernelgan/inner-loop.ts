import type { Tape } from "../../engine/recording/tape.js";
import { WeightsError } from "../../weights/errors.js";
import { nameText } from "../../weights/weight-file.js";
import type { GanRates, GanStep } from "../adaptation/gan-step.js";

/** The learning rates of the two networks within an adaptation. */
export interface InnerLoop {
  readonly generatorRate: (step: number) => number;
  readonly discriminatorRate: (step: number) => number;
  /** Multiplies the discriminator's rate for one of its tensors. */
  readonly discriminatorRateMultiplier: (name: string) => number;
}

/** The generator's rate falls to a tenth just before this step index. */
const RATE_DROP = 50;

/** The paper's inner loop (Lee et al., WACV 2024, section 4.1). */
const PAPER: InnerLoop = {
  generatorRate: (step) => (step < RATE_DROP ? 0.01 : 0.001),
  discriminatorRate: () => 0.2,
  discriminatorRateMultiplier: () => 1,
};

/** The steady loop's generator keeps its full rate for these many steps; after twice as many, it has a quarter of it. */
const STEADY_STEPS = 24;

/**
 * Rate multipliers of the steady loop, for the discriminator's convolutions from the first to the last, for the last one's
 * bias, and for BatchNorm. A prototype found them by gradient descent on the rates, with the exact gradient of the kernel's
 * error through all steps. The middle of the network learns fastest, the filters on the image hardly at all.
 */
const STEADY_RATE_MULTIPLIERS = [0.09, 0.1, 0.33, 2, 0.65, 1.9, 0.28];
const STEADY_BIAS_MULTIPLIER = 0.55;
const STEADY_BATCH_NORM_MULTIPLIER = 0.6;

/**
 * Our inner loop, for a discriminator that was trained to recognize blur. The generator begins as one Gaussian and moves
 * less and less, so that the kernel stays where it has arrived.
 */
const STEADY: InnerLoop = {
  generatorRate: (step) => 5e-4 / Math.max(1, step / STEADY_STEPS) ** 2,
  discriminatorRate: () => 0.15,
  discriminatorRateMultiplier: (name) =>
    name.includes(".bn.")
      ? STEADY_BATCH_NORM_MULTIPLIER
      : name.endsWith("bias")
        ? STEADY_BIAS_MULTIPLIER
        : (STEADY_RATE_MULTIPLIERS[Number(/\d/.exec(name)?.[0])] as number),
};

/** The inner loops by name. */
export const INNER_LOOPS = { paper: PAPER, steady: STEADY } as const;

export type InnerLoopName = keyof typeof INNER_LOOPS;

/** The key of a weights file's metadata that names the inner loop of the initialization. */
export const INNER_LOOP_KEY = "inner-loop";

/**
 * The inner loop for an initialization: the paper's unless its file names another.
 * @throws {WeightsError} if the file names an unknown one.
 */
export function innerLoopOf(metadata: Readonly<Record<string, string>>): InnerLoop {
  const name = metadata[INNER_LOOP_KEY] ?? "paper";
  if (!Object.hasOwn(INNER_LOOPS, name)) {
    throw new WeightsError(
      `The weights are for the inner loop ${nameText(name)}, which this version does not know: update metakernelgan.`,
    );
  }
  return INNER_LOOPS[name as InnerLoopName];
}

/** Uploads the rates of an inner loop with this many steps. */
export function recordRates(
  tape: Tape,
  { discriminator }: Pick<GanStep, "discriminator">,
  loop: InnerLoop,
  steps: number,
): GanRates {
  const table = (rate: (step: number) => number) =>
    tape.constant(
      Float32Array.from({ length: Math.max(1, steps) }, (_, step) => rate(step)),
      "rates",
    );
  return {
    generator: { rates: table(loop.generatorRate) },
    discriminator: {
      rates: table(loop.discriminatorRate),
      rateMultipliers: discriminator.parameters.broadcast(tape, loop.discriminatorRateMultiplier),
    },
  };
}
