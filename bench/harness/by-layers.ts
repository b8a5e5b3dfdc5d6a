import { conv2d } from "../../src/engine/ops/convolution/conv2d.js";
import { sgd } from "../../src/engine/optimizers/sgd.js";
import type { Tape } from "../../src/engine/recording/tape.js";
import type { Tensor } from "../../src/engine/tensors/tensor.js";
import {
  discriminatorLoss,
  lossAt,
  lossSlots,
  recordPair,
  SUM_TO_ONE_WEIGHT,
} from "../../src/estimate/adaptation/gan-step.js";
import { recordImageStep } from "../../src/estimate/adaptation/image-step.js";
import type { StepRecorder } from "../../src/estimate/adaptation/step-recorder.js";
import type { Generator } from "../../src/model/gan/generator.js";
import { ganLoss } from "../../src/model/losses/gan-loss.js";
import { sumToOneLoss } from "../../src/model/losses/sum-to-one-loss.js";

const GENERATOR_RATE = 0.01;
const DISCRIMINATOR_RATE = 0.2;
/** Side of the impulse, of which the layers leave the 11×11 kernel. */
const IMPULSE = 21;

/** The generator's output layer by layer, as the paper draws it. */
function downscaled(tape: Tape, { weights }: Generator, patch: Tensor, out?: Tensor): Tensor {
  const [C = 0, H = 0, W = 0] = patch.shape;
  return weights.reduce(
    (x, weight, layer) => {
      const padding = ((weight.shape[2] as number) - 1) / 2;
      const last = layer === weights.length - 1;
      return conv2d(tape, x, weight, {
        stride: last ? 2 : 1,
        padding,
        mode: "circular",
        ...(last && { out }),
      });
    },
    patch.reshape([C, 1, H, W]),
  );
}

/** The generator's kernel as its response to an impulse, layer by layer. */
function responseToImpulse(tape: Tape, { weights }: Generator): Tensor {
  const impulse = new Float32Array(IMPULSE ** 2);
  impulse[(IMPULSE ** 2 - 1) / 2] = 1;
  const start = tape.constant(impulse, "impulse").reshape([1, 1, IMPULSE, IMPULSE]);
  return weights.reduce((x, weight) => conv2d(tape, x, weight), start);
}

/**
 * The package's adaptation step with the algebra of the published program: the generator runs layer by layer, and its kernel
 * is its response to an impulse. Everything else is the product's own. Only this bench records it.
 */
export const recordStepByLayers: StepRecorder = (context) => {
  const { tape, generator, discriminator, counter, input } = context;
  const { patch, step } = recordImageStep(context);
  const rates = (rate: number) => ({
    rates: tape.constant(new Float32Array(input.steps).fill(rate), "rates"),
  });
  const losses = lossSlots(tape);

  const fake = downscaled(tape, generator, patch);
  const verdict = discriminator.logits(
    tape,
    fake.reshape([1, ...fake.shape.slice(0, 1), ...fake.shape.slice(2)]),
  );
  const adversarial = ganLoss(tape, verdict, [{ target: 1, weight: 1 }], lossAt(losses, "adversarial"));
  const sumToOne = sumToOneLoss(tape, responseToImpulse(tape, generator), lossAt(losses, "kernel"));
  tape.backward(
    [
      { loss: adversarial, weight: 1 },
      { loss: sumToOne, weight: SUM_TO_ONE_WEIGHT },
    ],
    [generator.parameters.whole],
  );
  sgd(tape, generator.parameters, rates(GENERATOR_RATE), counter);

  const pair = recordPair(tape, step.real, (out) => void downscaled(tape, generator, patch, out));
  const loss = discriminatorLoss(tape, discriminator, pair, lossAt(losses, "discriminator"));
  tape.backward([{ loss, weight: 1 }], [discriminator.parameters.whole]);
  sgd(tape, discriminator.parameters, rates(DISCRIMINATOR_RATE), counter);
  return { losses, kernelWeight: SUM_TO_ONE_WEIGHT };
};
