import { gaussianNoise } from "../../engine/ops/elementwise/gaussian-noise.js";
import { type SgdRates, sgd } from "../../engine/optimizers/sgd.js";
import { RANDOM_STREAMS } from "../../engine/random-streams.js";
import type { StepCounter } from "../../engine/recording/step-counter.js";
import type { LossTerm, Tape } from "../../engine/recording/tape.js";
import { ALIGNED_ELEMENTS, type Tensor } from "../../engine/tensors/tensor.js";
import type { Discriminator } from "../../model/gan/discriminator.js";
import type { Generator } from "../../model/gan/generator.js";
import { ganLoss } from "../../model/losses/gan-loss.js";
import { sumToOneLoss } from "../../model/losses/sum-to-one-loss.js";

/** Side length of the patches that the discriminator compares. */
export const FAKE_SIZE = 32;

/** Weight ζ of the sum-to-one loss in the generator's objective. */
export const SUM_TO_ONE_WEIGHT = 0.5;

/** Standard deviation of the noise on the discriminator's inputs; the generator's turn has none. */
const NOISE_SIGMA = 1 / 255;

const PLANES = [3, FAKE_SIZE, FAKE_SIZE];
const PATCH_ELEMENTS = 3 * FAKE_SIZE ** 2;

/**
 * Places of a step's losses in the tensor of {@link lossSlots}: the generator's adversarial loss, the losses of the kernel
 * and of the fake patch, and the discriminator's loss.
 */
export const LOSS_SLOTS = {
  adversarial: 0,
  kernel: ALIGNED_ELEMENTS,
  fake: 2 * ALIGNED_ELEMENTS,
  discriminator: 3 * ALIGNED_ELEMENTS,
};

/** Elements of the tensor of losses. */
export const LOSS_ELEMENTS = 4 * ALIGNED_ELEMENTS;

/** The networks of a step and their inputs. */
export interface GanStep {
  readonly generator: Generator;
  readonly discriminator: Discriminator;
  readonly counter: StepCounter;
  readonly noise: boolean;
  /** Records how the generator makes the fake patch [3, 32, 32] with its present kernel. */
  readonly fake: (kernel: Tensor, out?: Tensor) => Tensor;
  /** Records the real patch [3, 32, 32]. */
  readonly real: (out: Tensor) => void;
}

/** Learning rates of the inner loop, step by step. */
export interface GanRates {
  readonly generator: SgdRates;
  readonly discriminator: SgdRates;
}

/**
 * Records one step of the inner loop (MetaKernelGAN, Algorithm 1, lines 6–9): a turn of the generator, then one of the
 * discriminator against the updated generator. The kernel has to be fresh before the first step, and is afterward.
 * Returns the losses before the updates, at {@link LOSS_SLOTS}; that of the kernel is |1 − Σ k|.
 */
export function recordGanStep(tape: Tape, step: GanStep, rates: GanRates): Tensor {
  const { generator, discriminator, counter } = step;
  const losses = lossSlots(tape);
  recordGeneratorGradient(tape, step, losses, (kernel) => [
    { loss: sumToOneLoss(tape, kernel, lossAt(losses, "kernel")), weight: SUM_TO_ONE_WEIGHT },
  ]);
  sgd(tape, generator.parameters, rates.generator, counter);
  generator.chain.refresh(tape);
  recordDiscriminatorGradient(tape, step, losses);
  sgd(tape, discriminator.parameters, rates.discriminator, counter);
  return losses;
}

/** A tensor for the losses of a step. */
export function lossSlots(tape: Tape): Tensor {
  return tape.tensor([LOSS_ELEMENTS], "losses");
}

/** The place of one loss in {@link lossSlots}. */
export function lossAt(losses: Tensor, name: keyof typeof LOSS_SLOTS): Tensor {
  return losses.view(LOSS_SLOTS[name], [1]);
}

/**
 * Records the gradient of the generator's objective: that the discriminator mistakes the fake patch for a real one (Eq. 4),
 * and other losses of the kernel or of the fake patch.
 */
export function recordGeneratorGradient(
  tape: Tape,
  { generator, discriminator, fake: make }: GanStep,
  losses: Tensor,
  others: (kernel: Tensor, fake: Tensor) => readonly LossTerm[],
): void {
  const kernel = generator.chain.kernel(tape);
  const fake = make(kernel);
  const verdict = discriminator.logits(tape, fake.reshape([1, ...PLANES]));
  const adversarial = ganLoss(tape, verdict, [{ target: 1, weight: 1 }], lossAt(losses, "adversarial"));
  tape.backward([{ loss: adversarial, weight: 1 }, ...others(kernel, fake)], [generator.parameters.whole]);
}

/** Records the gradient of the discriminator's loss against the generator as it is now. */
export function recordDiscriminatorGradient(tape: Tape, step: GanStep, losses: Tensor): void {
  const { generator, discriminator } = step;
  const pair = recordPair(tape, step.real, (out) => step.fake(generator.chain.output, out));
  const seen = step.noise ? noisy(tape, pair, step.counter) : pair;
  const loss = discriminatorLoss(tape, discriminator, seen, lossAt(losses, "discriminator"));
  tape.backward([{ loss, weight: 1 }], [discriminator.parameters.whole]);
}

/**
 * The discriminator's input [2, 3, 32, 32]: the real patch, then the fake one. The power iterations continue in that
 * order.
 */
export function recordPair(tape: Tape, real: (out: Tensor) => void, fake: (out: Tensor) => void): Tensor {
  const pair = tape.tensor([2, ...PLANES], "pair");
  real(pair.view(0, PLANES));
  fake(pair.view(PATCH_ELEMENTS, PLANES));
  return pair;
}

/** The discriminator's inputs with the noise of this step. */
export function noisy(tape: Tape, pair: Tensor, counter: StepCounter): Tensor {
  return gaussianNoise(tape, pair, {
    sigma: NOISE_SIGMA,
    counter,
    stream: RANDOM_STREAMS.discriminatorNoise,
  });
}

/** L_D = ½ mean |D(real) − 1| + ½ mean |D(fake)| (MetaKernelGAN, Eq. 4), of a {@link recordPair}. */
export function discriminatorLoss(
  tape: Tape,
  discriminator: Discriminator,
  pair: Tensor,
  out?: Tensor,
): Tensor {
  const terms = [
    { target: 1, weight: 0.5 },
    { target: 0, weight: 0.5 },
  ] as const;
  return ganLoss(tape, discriminator.logits(tape, pair), terms, out);
}
