import type { StepCounter } from "../engine/counter.js";
import { gaussianNoise } from "../engine/ops/gaussian-noise.js";
import { ganLoss, sumToOneLoss } from "../engine/ops/losses.js";
import { sgd } from "../engine/optimisers/sgd.js";
import type { Tape } from "../engine/tape.js";
import { ALIGNED_ELEMENTS, type Tensor } from "../engine/tensor.js";
import type { Discriminator } from "../model/discriminator.js";
import type { Generator } from "../model/generator.js";

/** Side length of the patches that the discriminator compares. */
export const FAKE_SIZE = 32;

/** Weight ζ of the sum-to-one loss in the generator's objective. */
export const SUM_TO_ONE_WEIGHT = 0.5;

/** Standard deviation of the noise on the discriminator's inputs, in its own turn only. */
const NOISE_SIGMA = 1 / 255;
const NOISE_STREAM = 1000;

const PLANES = [3, FAKE_SIZE, FAKE_SIZE];
const PATCH_ELEMENTS = 3 * FAKE_SIZE ** 2;

/** Places of a step's losses in the tensor that {@link recordGanStep} returns. */
export const LOSS_SLOTS = { adversarial: 0, sumToOne: ALIGNED_ELEMENTS, discriminator: 2 * ALIGNED_ELEMENTS };

/** What one step needs. */
export interface GanStep {
  readonly generator: Generator;
  readonly discriminator: Discriminator;
  readonly counter: StepCounter;
  /** [steps]: the learning rates, looked up by the counter. */
  readonly generatorRates: Tensor;
  readonly discriminatorRates: Tensor;
  readonly noise: boolean;
  /** Records how the generator, through its present kernel, makes the fake patch [3, 32, 32]. */
  readonly fake: (kernel: Tensor, out?: Tensor) => Tensor;
  /** Records where the real patch [3, 32, 32] comes from. */
  readonly real: (out: Tensor) => void;
}

/**
 * Records one step of the inner loop (MetaKernelGAN, Algorithm 1, lines 6–9): a turn of the generator, then one of the
 * discriminator against the updated generator. The kernel has to be fresh before the first step, and is afterwards.
 * Returns the losses before the updates, at {@link LOSS_SLOTS}.
 */
export function recordGanStep(tape: Tape, step: GanStep): Tensor {
  const { generator, discriminator, counter } = step;
  const losses = tape.tensor([3 * ALIGNED_ELEMENTS], "losses");
  const at = (slot: number): Tensor => losses.view(slot, [1]);

  const kernel = generator.chain.kernel(tape);
  const verdict = discriminator.logits(tape, step.fake(kernel).reshape([1, ...PLANES]));
  const adversarial = ganLoss(tape, verdict, [{ target: 1, weight: 1 }], at(LOSS_SLOTS.adversarial));
  const sumToOne = sumToOneLoss(tape, kernel, at(LOSS_SLOTS.sumToOne));
  tape.backward(
    [
      { loss: adversarial, weight: 1 },
      { loss: sumToOne, weight: SUM_TO_ONE_WEIGHT },
    ],
    [generator.parameters.whole],
  );
  sgd(tape, generator.parameters, step.generatorRates, counter);
  generator.chain.refresh(tape);

  const pair = recordPair(tape, step.real, (out) => step.fake(kernel, out));
  const seen = step.noise ? noisy(tape, pair, counter) : pair;
  const discrimination = discriminatorLoss(tape, discriminator, seen, at(LOSS_SLOTS.discriminator));
  tape.backward([{ loss: discrimination, weight: 1 }], [discriminator.parameters.whole]);
  sgd(tape, discriminator.parameters, step.discriminatorRates, counter);
  return losses;
}

/**
 * The discriminator's input [2, 3, 32, 32]. The real patch comes first, then the fake: its power iterations go on in that
 * order.
 */
export function recordPair(tape: Tape, real: (out: Tensor) => void, fake: (out: Tensor) => void): Tensor {
  const pair = tape.tensor([2, ...PLANES], "real and fake");
  real(pair.view(0, PLANES));
  fake(pair.view(PATCH_ELEMENTS, PLANES));
  return pair;
}

/** The discriminator's inputs with the noise of this step. */
export function noisy(tape: Tape, pair: Tensor, counter: StepCounter): Tensor {
  return gaussianNoise(tape, pair, { sigma: NOISE_SIGMA, counter, stream: NOISE_STREAM });
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
