import type { Engine } from "../../src/engine/device/engine.js";
import { sgd } from "../../src/engine/optimizers/sgd.js";
import { advance } from "../../src/engine/recording/history.js";
import { StepCounter } from "../../src/engine/recording/step-counter.js";
import { Tape } from "../../src/engine/recording/tape.js";
import { INNER_LOOPS, recordRates } from "../../src/estimate/metakernelgan/inner-loop.js";
import type { RgbImage } from "../../src/image/rgb-image.js";
import { Discriminator } from "../../src/model/gan/discriminator.js";
import type { GanWeights } from "../../src/model/gan/gan-weights.js";
import { Generator } from "../../src/model/gan/generator.js";
import { ganLoss } from "../../src/model/losses/gan-loss.js";
import { sumToOneLoss } from "../../src/model/losses/sum-to-one-loss.js";

/** One step of {@link adaptBySteps}: what the step computed, before and after its updates. */
export interface ObservedStep {
  /** After the step. */
  readonly kernel: Float32Array;
  /** Adversarial, the generator's total, the discriminator's. */
  readonly losses: readonly [number, number, number];
  /** Of every trained tensor. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

/**
 * The adaptation as the method describes it, with the package's own generator, discriminator and optimizer, but with the
 * CPU between the two halves of a step: it cuts the patches and adds what noise it is given. Where `Adaptation` gives
 * kernels and losses alone, this shows the gradients too.
 * @param noise of a step (from 0): [2, 3, 32, 32], first for the real patch, then for the fake.
 */
export async function adaptBySteps(
  engine: Engine,
  weights: GanWeights,
  image: RgbImage,
  corners: readonly (readonly [number, number])[],
  noise?: (step: number) => ArrayLike<number>,
): Promise<ObservedStep[]> {
  const generator = new Generator(engine);
  const discriminator = new Discriminator(engine);
  generator.parameters.write(weights);
  discriminator.parameters.write(weights);
  discriminator.vectors.write(weights);
  const counter = new StepCounter(engine);
  counter.reset(0);

  const first = new Tape(engine);
  const patch = first.tensor([3, 64, 64]);
  generator.chain.refresh(first);
  const kernel = generator.chain.kernel(first);
  const small = generator.downscale(first, patch, kernel);
  const verdict = discriminator.logits(first, small.reshape([1, 3, 32, 32]));
  const adversarial = ganLoss(first, verdict, [{ target: 1, weight: 1 }]);
  const sumToOne = sumToOneLoss(first, kernel);
  const terms = [
    { loss: adversarial, weight: 1 },
    { loss: sumToOne, weight: 0.5 },
  ];
  first.backward(terms, [generator.parameters.whole]);
  const rates = recordRates(first, { discriminator }, INNER_LOOPS.paper, corners.length);
  sgd(first, generator.parameters, rates.generator, counter);
  generator.chain.refresh(first);
  const fake = generator.downscale(first, patch, kernel);

  const second = new Tape(engine);
  const pair = second.tensor([2, 3, 32, 32]);
  const discrimination = ganLoss(second, discriminator.logits(second, pair), [
    { target: 1, weight: 0.5 },
    { target: 0, weight: 0.5 },
  ]);
  second.backward([{ loss: discrimination, weight: 1 }], [discriminator.parameters.whole]);
  sgd(second, discriminator.parameters, rates.discriminator, counter);
  advance(second, counter);

  const programs = [await first.finish(), await second.finish()] as const;
  const scalar = async (loss: typeof adversarial): Promise<number> => (await engine.read(loss))[0] as number;
  const observed: ObservedStep[] = [];
  for (const [step, corner] of corners.entries()) {
    engine.write(patch, cut(image, corner, 64));
    programs[0].run();
    const seen = Float32Array.from([...cut(image, corner, 32), ...(await engine.read(fake))]);
    const added = noise?.(step);
    if (added) {
      for (let i = 0; i < seen.length; i++) seen[i] = (seen[i] as number) + (added[i] as number);
    }
    engine.write(pair, seen);
    programs[1].run();
    const adversarialLoss = await scalar(adversarial);
    observed.push({
      kernel: await engine.read(kernel),
      losses: [
        adversarialLoss,
        adversarialLoss + 0.5 * (await scalar(sumToOne)),
        await scalar(discrimination),
      ],
      gradients: new Map([
        ...generator.parameters.split(await engine.read(first.gradient(generator.parameters.whole))),
        ...discriminator.parameters.split(await engine.read(second.gradient(discriminator.parameters.whole))),
      ]),
    });
  }
  for (const owner of [...programs, generator, discriminator]) owner.dispose();
  engine.free(counter.tensor);
  return observed;
}

/** A bias before a BatchNorm cannot change anything: its gradient is zero but for rounding. */
export function isIdleBias(name: string): boolean {
  return /^discriminator\.conv\.[0-5]\.bias$/.test(name);
}

function cut(
  { width, height, data }: RgbImage,
  [top, left]: readonly [number, number],
  size: number,
): Float32Array {
  return Float32Array.from({ length: 3 * size * size }, (_, i) => {
    const row = top + (Math.floor(i / size) % size);
    return data[(Math.floor(i / size ** 2) * height + row) * width + left + (i % size)] as number;
  });
}
