import type { Tape } from "../../engine/recording/tape.js";
import { WeightsError } from "../../weights/errors.js";
import type { GanRates, GanStep } from "../adaptation/gan-step.js";

/** The rates by which the two networks learn within an adaptation. */
export interface InnerLoop {
  readonly generatorRate: (step: number) => number;
  readonly discriminatorRate: (step: number) => number;
  /** What the discriminator's rate is multiplied by for one of its tensors. */
  readonly discriminatorRateMultiplier: (name: string) => number;
}

/** The generator's rate falls to a tenth just before this step index. */
const RATE_DROP = 50;

/** The paper's (MetaKernelGAN, section 4.1). */
const PAPER: InnerLoop = {
  generatorRate: (step) => (step < RATE_DROP ? 0.01 : 0.001),
  discriminatorRate: () => 0.2,
  discriminatorRateMultiplier: () => 1,
};

/** The steady loop's generator goes on at full rate for so many steps; after as many again its rate is a quarter. */
const STEADY_STEPS = 24;

/**
 * Of the discriminator's convolutions, in the steady loop, from the first to the last, of the last one's bias, and of BatchNorm: found by
 * descending on the rates with the exact gradient of the kernel's error through all steps, in a prototype. The middle of the network learns fastest, the filters of the image hardly.
 */
const STEADY_RATE_MULTIPLIERS = [0.09, 0.1, 0.33, 2, 0.65, 1.9, 0.28];
const STEADY_BIAS_MULTIPLIER = 0.55;
const STEADY_BATCH_NORM_MULTIPLIER = 0.6;

/**
 * Ours, for a discriminator that knows what blur looks like: the generator begins as one Gaussian and moves little, and ever less, so
 * that the kernel stays where it has come to.
 */
const STEADY: InnerLoop = {
  generatorRate: (step) => 5e-4 / Math.max(1, step / STEADY_STEPS) ** 2,
  discriminatorRate: () => 0.15,
  discriminatorRateMultiplier: (name) =>
    name.includes(".bn.")
      ? STEADY_BATCH_NORM_MULTIPLIER
      : name.endsWith("bias")
        ? STEADY_BIAS_MULTIPLIER
        : (STEADY_RATE_MULTIPLIERS[Number(/\d/.exec(name))] as number),
};

/** The inner loops by name. */
export const INNER_LOOPS = { paper: PAPER, steady: STEADY } as const;

export type InnerLoopName = keyof typeof INNER_LOOPS;

/** Key of a weights file's metadata that says which inner loop a start is for. */
export const INNER_LOOP_KEY = "inner-loop";

/**
 * The inner loop of a start: the paper's unless its file names another.
 * @throws {WeightsError} if it names one that is not known.
 */
export function innerLoopOf(metadata: Readonly<Record<string, string>>): InnerLoop {
  const name = metadata[INNER_LOOP_KEY] ?? "paper";
  if (!Object.hasOwn(INNER_LOOPS, name)) {
    throw new WeightsError(
      `The start is for the inner loop "${name}", which this version does not know: update metakernelgan.`,
    );
  }
  return INNER_LOOPS[name as InnerLoopName];
}

/** The rates of an inner loop of so many steps, on the GPU. */
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
