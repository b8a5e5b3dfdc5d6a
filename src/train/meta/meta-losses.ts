import type { Engine } from "../../engine/device/engine.js";
import { axpy } from "../../engine/ops/linear-algebra/axpy.js";
import { l1Loss } from "../../engine/ops/losses/l1-loss.js";
import { type CropOptions, crop } from "../../engine/ops/rearrange/crop.js";
import { advance, writeHistoryRow } from "../../engine/recording/history.js";
import type { StepCounter } from "../../engine/recording/step-counter.js";
import { Tape } from "../../engine/recording/tape.js";
import { ALIGNED_ELEMENTS, type Tensor } from "../../engine/tensors/tensor.js";
import {
  discriminatorLoss,
  FAKE_SIZE,
  noisy,
  recordPair,
  SUM_TO_ONE_WEIGHT,
} from "../../estimate/adaptation/gan-step.js";
import type { Discriminator } from "../../model/gan/discriminator.js";
import { type Generator, KERNEL_MARGIN } from "../../model/gan/generator.js";
import { ganLoss } from "../../model/losses/gan-loss.js";
import { sumToOneLoss } from "../../model/losses/sum-to-one-loss.js";
import { CROP_SIZE } from "../training-image.js";

/** Side length of the parent, a sharp crop that was blurred and halved: the paper's "dad". */
export const PARENT_SIZE = CROP_SIZE / 2;

/** Side length of the child, the parent blurred and halved once more: the paper's "son". */
export const CHILD_SIZE = PARENT_SIZE / 2;

/** A task on the GPU. */
export interface TaskTensors {
  readonly parent: Tensor;
  readonly child: Tensor;
  readonly kernel: Tensor;
  readonly windows: Tensor;
  readonly evaluationWindows: Tensor;
}

/** What {@link recordEvaluation} works with. */
export interface EvaluationParts {
  readonly generator: Generator;
  readonly discriminator: Discriminator;
  readonly inputs: TaskTensors;
  readonly counter: StepCounter;
  readonly noise: boolean;
  /** Whether the kernel-pixel loss is part of the generator's meta-loss, or only logged. */
  readonly kernelPixels: boolean;
  /** [evaluations]: the weight of each. */
  readonly factors: Tensor;
  /** The sums of gradients, laid out as the networks' parameters. */
  readonly outer: { readonly generator: Tensor; readonly discriminator: Tensor };
  /** [evaluations, 4 · 64]: a row of losses for each evaluation. */
  readonly lossHistory: Tensor;
}

/**
 * Records how a generator makes a window of the child out of the parent. Nothing else of the child is looked
 * at, so the window's pixels in the parent, and those around them that the kernel reaches, are cut out once.
 * @param window in the child.
 */
export function fakeWindow(
  tape: Tape,
  generator: Generator,
  parent: Tensor,
  window: CropOptions,
): (kernel: Tensor, out?: Tensor) => Tensor {
  const seen = crop(tape, parent, { ...window, size: 2 * window.size, scale: 2, margin: KERNEL_MARGIN });
  return (kernel, out) => generator.downscalePart(tape, seen, kernel, out);
}

/**
 * Records the meta-losses (Eqs. 4–6) and adds their weighted gradients at the adapted weights to the outer
 * gradients.
 */
export function recordEvaluation(engine: Engine, evaluation: EvaluationParts): Tape {
  const { generator, discriminator, inputs, counter, factors, outer } = evaluation;
  const tape = new Tape(engine);
  const losses = tape.tensor([4 * ALIGNED_ELEMENTS], "meta-losses");
  const at = (i: number): Tensor => losses.view(i * ALIGNED_ELEMENTS, [1]);
  const window = { offsets: inputs.evaluationWindows, counter, size: FAKE_SIZE };
  const fake = fakeWindow(tape, generator, inputs.parent, window);

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
    (out) => crop(tape, inputs.child, { ...window, out }),
    (out) => fake(kernel, out),
  );
  const seen = evaluation.noise ? noisy(tape, pair, counter) : pair;
  const discrimination = discriminatorLoss(tape, discriminator, seen, at(3));
  tape.backward([{ loss: discrimination, weight: 1 }], [discriminator.parameters.whole]);
  axpy(tape, tape.gradient(discriminator.parameters.whole), factors, counter, outer.discriminator);
  writeHistoryRow(tape, losses, counter, evaluation.lossHistory);
  advance(tape, counter);
  return tape;
}
