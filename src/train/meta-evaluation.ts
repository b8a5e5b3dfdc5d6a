import type { StepCounter } from "../engine/counter.js";
import type { Engine } from "../engine/engine.js";
import { axpy } from "../engine/ops/axpy.js";
import { type CropOptions, crop } from "../engine/ops/crop.js";
import { ganLoss, l1Loss, sumToOneLoss } from "../engine/ops/losses.js";
import { advance, record } from "../engine/ops/record.js";
import { Tape } from "../engine/tape.js";
import { ALIGNED_ELEMENTS, type Tensor } from "../engine/tensor.js";
import type { Discriminator } from "../model/discriminator.js";
import { type Generator, KERNEL_MARGIN } from "../model/generator.js";
import { discriminatorLoss, FAKE_SIZE, noisy, recordPair, SUM_TO_ONE_WEIGHT } from "./gan-step.js";

/** Side length of the sharp crop that a task is made of; blurred and halved it is the "dad", and once more the "son". */
export const CROP_SIZE = 192;
export const DAD_SIZE = CROP_SIZE / 2;
export const SON_SIZE = DAD_SIZE / 2;

/** A task on the GPU. */
export interface TaskTensors {
  readonly dad: Tensor;
  readonly son: Tensor;
  readonly kernel: Tensor;
  readonly windows: Tensor;
  readonly evaluationWindows: Tensor;
}

/** What {@link recordEvaluation} needs. */
export interface EvaluationParts {
  readonly generator: Generator;
  readonly discriminator: Discriminator;
  readonly inputs: TaskTensors;
  readonly counter: StepCounter;
  readonly noise: boolean;
  /** Whether the kernel-pixel loss is part of the generator's meta-loss, or only recorded. */
  readonly kernelPixels: boolean;
  /** [evaluations]: the weights of the evaluations. */
  readonly factors: Tensor;
  /** The sums of gradients, laid out as the networks' parameters. */
  readonly outer: { readonly generator: Tensor; readonly discriminator: Tensor };
  /** [evaluations, 4 · 64]: where each evaluation leaves its losses. */
  readonly lossHistory: Tensor;
}

/**
 * Records how a generator makes a window of the son out of the dad, which is all that is looked at: the window's pixels in the
 * dad, with what the kernel reaches around them, are cut out once.
 * @param window of the son.
 */
export function fakeWindow(
  tape: Tape,
  generator: Generator,
  dad: Tensor,
  window: CropOptions,
): (kernel: Tensor, out?: Tensor) => Tensor {
  const seen = crop(tape, dad, { ...window, size: 2 * window.size, scale: 2, margin: KERNEL_MARGIN });
  return (kernel, out) => generator.downscalePart(tape, seen, kernel, out);
}

/** Records the meta-losses (Eqs. 4–6) and adds their weighted gradients at the adapted weights to the outer gradients. */
export function recordEvaluation(engine: Engine, evaluation: EvaluationParts): Tape {
  const { generator, discriminator, inputs, counter, factors, outer } = evaluation;
  const tape = new Tape(engine);
  const losses = tape.tensor([4 * ALIGNED_ELEMENTS], "meta-losses");
  const at = (i: number): Tensor => losses.view(i * ALIGNED_ELEMENTS, [1]);
  const window = { offsets: inputs.evaluationWindows, counter, size: FAKE_SIZE };
  const fake = fakeWindow(tape, generator, inputs.dad, window);

  const kernel = generator.chain.kernel(tape);
  const verdict = discriminator.logits(tape, fake(kernel).reshape([1, 3, FAKE_SIZE, FAKE_SIZE]));
  const terms = [
    { loss: ganLoss(tape, verdict, [{ target: 1, weight: 1 }], at(0)), weight: 1 },
    { loss: sumToOneLoss(tape, kernel, at(1)), weight: SUM_TO_ONE_WEIGHT },
    { loss: l1Loss(tape, kernel, inputs.kernel, at(2)), weight: evaluation.kernelPixels ? 1 : 0 },
  ];
  tape.backward(terms, [generator.parameters.whole]);
  axpy(tape, tape.gradient(generator.parameters.whole), factors, counter, outer.generator);

  const pair = recordPair(
    tape,
    (out) => crop(tape, inputs.son, { ...window, out }),
    (out) => fake(kernel, out),
  );
  const seen = evaluation.noise ? noisy(tape, pair, counter) : pair;
  const discrimination = discriminatorLoss(tape, discriminator, seen, at(3));
  tape.backward([{ loss: discrimination, weight: 1 }], [discriminator.parameters.whole]);
  axpy(tape, tape.gradient(discriminator.parameters.whole), factors, counter, outer.discriminator);
  record(tape, losses, counter, evaluation.lossHistory);
  advance(tape, counter);
  return tape;
}
