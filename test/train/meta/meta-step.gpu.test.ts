import { describe, expect, it } from "vitest";
import { l1Loss } from "../../../src/engine/ops/losses/l1-loss.js";
import { crop } from "../../../src/engine/ops/rearrange/crop.js";
import { RandomStream } from "../../../src/engine/random.js";
import { advance } from "../../../src/engine/recording/history.js";
import { StepCounter } from "../../../src/engine/recording/step-counter.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import type { Tensor } from "../../../src/engine/tensors/tensor.js";
import { discriminatorLoss, recordGanStep, recordPair } from "../../../src/estimate/adaptation/gan-step.js";
import { INNER_LOOPS, recordRates } from "../../../src/estimate/metakernelgan/inner-loop.js";
import { degrade } from "../../../src/kernel/degradation/degrade.js";
import { randomKernel } from "../../../src/kernel/families/random-kernel.js";
import { Discriminator } from "../../../src/model/gan/discriminator.js";
import { type GanWeights, untrainedGanWeights } from "../../../src/model/gan/gan-weights.js";
import { Generator } from "../../../src/model/gan/generator.js";
import { ganLoss } from "../../../src/model/losses/gan-loss.js";
import { sumToOneLoss } from "../../../src/model/losses/sum-to-one-loss.js";
import {
  type DegradedImages,
  type MetaOptions,
  MetaStep,
  type MetaTask,
} from "../../../src/train/meta/meta-step.js";
import { useEngine } from "../../support/engine.js";
import { relativeError } from "../../support/gradient-check.js";
import { syntheticImage } from "../../support/synthetic-image.js";

const gpu = useEngine();
const weights = untrainedGanWeights(1);
const WEIGHTS = [0.3, 0.7];

/** A task of two inner steps with an evaluation after each. */
function syntheticTask(seed: number): MetaTask<DegradedImages> {
  const kernel = randomKernel(new RandomStream(seed, 0));
  const windows = [3 + seed, 8, 16, 0];
  const evaluationWindows = [0, 16, 5, 11 - seed];
  const parent = syntheticImage(seed, 96, 96);
  const images = { parent, child: degrade(parent, kernel, 2) };
  return { images, kernel: kernel.values, windows, evaluationWindows };
}

const record = (options: Partial<MetaOptions> = {}): Promise<MetaStep> =>
  MetaStep.record(gpu.engine, { evaluations: [1, 2], noise: false, steps: 4, ...options });

interface OuterGradients {
  readonly generator: Float32Array;
  readonly discriminator: Float32Array;
}

/** A task for a step that evaluates the start alone, without an inner loop. */
function taskWithoutInnerLoop(): MetaTask<DegradedImages> {
  return { ...syntheticTask(0), windows: [], evaluationWindows: [0, 16] };
}

/** Runs one outer step from a start, and reads its gradients. */
async function outerGradients(
  step: MetaStep,
  tasks: readonly MetaTask[],
  { start = weights, shares = WEIGHTS, seed = 0 } = {},
): Promise<OuterGradients> {
  step.initialization.load(start);
  step.run(tasks, shares, seed);
  return {
    generator: await gpu.engine.read(step.initialization.outer.generator),
    discriminator: await gpu.engine.read(step.initialization.outer.discriminator),
  };
}

/**
 * The gradients of every evaluation by themselves: each is recorded on a tape of its own, right after its inner step, and
 * that of one network knows nothing of the other's.
 */
async function separateGradients(
  start: GanWeights,
  task: MetaTask<DegradedImages>,
): Promise<OuterGradients[]> {
  const { engine } = gpu;
  const generator = new Generator(engine);
  const discriminator = new Discriminator(engine);
  for (const part of [generator.parameters, discriminator.parameters, discriminator.vectors])
    part.write(start);
  const parent = engine.tensor([3, 96, 96], { data: task.images.parent.data });
  const child = engine.tensor([3, 48, 48], { data: task.images.child.data });
  const truth = engine.tensor([121], { data: Float32Array.from(task.kernel) });
  const counter = new StepCounter(engine);
  counter.reset(0);
  const offsets = engine.tensor([2, 2], { data: Uint32Array.from(task.windows) });
  const evaluationOffsets = engine.tensor([2, 2], { data: Uint32Array.from(task.evaluationWindows) });

  const shrunk = (tape: Tape, kernel: Tensor, window: Tensor, out?: Tensor): Tensor =>
    crop(tape, generator.downscale(tape, parent, kernel).reshape([3, 48, 48]), {
      offsets: window,
      counter,
      size: 32,
      out,
    });
  const begin = new Tape(engine);
  generator.chain.refresh(begin);

  const inner = new Tape(engine);
  recordGanStep(
    inner,
    {
      generator,
      discriminator,
      counter,
      noise: false,
      fake: (kernel, out) => shrunk(inner, kernel, offsets, out),
      real: (out) => crop(inner, parent, { offsets, counter, size: 32, scale: 2, out }),
    },
    recordRates(inner, { discriminator }, INNER_LOOPS.paper, 2),
  );

  const first = new Tape(engine);
  const kernel = generator.chain.kernel(first);
  const verdict = discriminator.logits(
    first,
    shrunk(first, kernel, evaluationOffsets).reshape([1, 3, 32, 32]),
  );
  const terms = [
    { loss: ganLoss(first, verdict, [{ target: 1, weight: 1 }]), weight: 1 },
    { loss: sumToOneLoss(first, kernel), weight: 0.5 },
    { loss: l1Loss(first, kernel, truth), weight: 1 },
  ];
  first.backward(terms, [generator.parameters.whole]);

  const second = new Tape(engine);
  const pair = recordPair(
    second,
    (out) => crop(second, child, { offsets: evaluationOffsets, counter, size: 32, out }),
    (out) => shrunk(second, generator.chain.kernel(second), evaluationOffsets, out),
  );
  const loss = discriminatorLoss(second, discriminator, pair);
  second.backward([{ loss, weight: 1 }], [discriminator.parameters.whole]);
  advance(second, counter);

  const programs = await Promise.all([begin, inner, first, second].map((tape) => tape.finish()));
  programs[0]?.run();
  const gradients: OuterGradients[] = [];
  for (let evaluation = 0; evaluation < 2; evaluation++) {
    for (const program of programs.slice(1)) program.run();
    gradients.push({
      generator: await engine.read(first.gradient(generator.parameters.whole)),
      discriminator: await engine.read(second.gradient(discriminator.parameters.whole)),
    });
  }
  return gradients;
}

const NETWORKS = ["generator", "discriminator"] as const;

function expectSum(
  actual: OuterGradients,
  parts: readonly OuterGradients[],
  factors: readonly number[],
): void {
  for (const network of NETWORKS) {
    const sum = Float64Array.from(actual[network], (_, i) =>
      parts.reduce((all, part, k) => all + (factors[k] as number) * (part[network][i] as number), 0),
    );
    expect(Math.hypot(...sum), network).toBeGreaterThan(1e-4);
    expect(relativeError(actual[network], sum), network).toBeLessThan(1e-6);
  }
}

describe("one outer step of meta-training", () => {
  it("sums the weighted gradients of every evaluation at the adapted weights", async () => {
    const separate = await separateGradients(weights, syntheticTask(0));
    // So different that a wrong weight shows.
    const [a, b] = separate as [OuterGradients, OuterGradients];
    for (const network of NETWORKS) expect(relativeError(a[network], b[network])).toBeGreaterThan(0.01);
    expectSum(await outerGradients(await record(), [syntheticTask(0)]), separate, WEIGHTS);
  });

  it("takes the mean over its tasks", async () => {
    const step = await record();
    const [first, second] = [syntheticTask(0), syntheticTask(1)];
    const alone = await outerGradients(step, [first]);
    // The second task finds the power iterations where the first one left them.
    const moved = [...(await step.initialization.read()).weights].filter(([name]) =>
      /weight_[uv]$/.test(name),
    );
    const after = await outerGradients(step, [second], { start: new Map([...weights, ...moved]) });
    expectSum(await outerGradients(step, [first, second]), [alone, after], [0.5, 0.5]);
  });

  it("degrades a sharp image itself", async () => {
    const kernel = randomKernel(new RandomStream(7, 0));
    const image = syntheticImage(7, 192, 192);
    const parent = degrade(image, kernel, 2);
    const task = { ...taskWithoutInnerLoop(), kernel: kernel.values };
    const step = await record({ evaluations: [0] });
    const run = (images: MetaTask["images"]) => outerGradients(step, [{ ...task, images }], { shares: [1] });
    const given = await run({ parent, child: degrade(parent, kernel, 2) });
    const made = await run({ image });
    for (const network of NETWORKS) {
      expect(relativeError(made[network], given[network]), network).toBeLessThan(1e-3);
    }
  });

  it("gives the same to the bit again, and other noise for another seed", async () => {
    const step = await record({ noise: true });
    const run = (seed: number) => outerGradients(step, [syntheticTask(0)], { seed });
    const first = await run(3);
    expect(await run(3)).toEqual(first);
    expect((await run(4)).discriminator).not.toEqual(first.discriminator);
  });

  it("moves the initialization against its gradient by Adam's rate, and not the biases that cannot matter", async () => {
    const step = await record();
    const { generator } = await outerGradients(step, [syntheticTask(0)]);
    const after = (await step.initialization.read()).weights;
    for (const [name, gradient] of step.initialization.parameters.generator.split(generator)) {
      const before = weights.get(name) as Float32Array;
      // The first step of Adam is as long as its rate wherever the gradient is not tiny.
      const moves = (after.get(name) as Float32Array).map((value, i) => value - (before[i] as number));
      gradient.forEach((value, i) => {
        if (Math.abs(value) < 1e-5) return;
        expect(Math.abs((moves[i] as number) + 1e-4 * Math.sign(value)), name).toBeLessThan(1e-6);
      });
    }
    expect(after.get("discriminator.conv.2.bias")).toEqual(weights.get("discriminator.conv.2.bias"));
  });

  it("learns at another rate, and the generator's initialization alone, where it is asked to", async () => {
    const move = async (options: Parameters<typeof record>[0]) => {
      const step = await record(options);
      await outerGradients(step, [syntheticTask(0)]);
      const after = (await step.initialization.read()).weights;
      return (name: string) =>
        Math.max(
          ...(after.get(name) as Float32Array).map((v, i) => Math.abs(v - (weights.get(name)?.[i] ?? 0))),
        );
    };
    const fast = await move({ rate: 1e-3 });
    expect(fast("generator.0.weight")).toBeCloseTo(1e-3, 6);
    expect(fast("discriminator.conv.3.weight_orig")).toBeCloseTo(1e-3, 6);
    const half = await move({ learn: "generator" });
    expect(half("generator.0.weight")).toBeCloseTo(1e-4, 7);
    expect(half("discriminator.conv.3.weight_orig")).toBe(0);
  });

  it("can leave the kernel-pixel loss out of the outer gradient, and still reports it", async () => {
    const [whole, without] = [await record(), await record({ kernelPixels: false })];
    const task = syntheticTask(0);
    const { generator, discriminator } = await outerGradients(without, [task]);
    // Another kernel changes that loss alone.
    const other = { ...task, kernel: new Array(121).fill(1) };
    expect((await outerGradients(without, [other])).generator).toEqual(generator);
    expect((await outerGradients(whole, [other])).generator).not.toEqual(generator);
    expect((await outerGradients(whole, [task])).discriminator).toEqual(discriminator);
    await outerGradients(without, [task]);
    const reported = await without.losses();
    await outerGradients(whole, [task]);
    expect(await whole.losses()).toEqual(reported);
    expect(reported[0]?.kernelPixels).toBeGreaterThan(0.5);
  });

  it("reports its losses and its cost", async () => {
    const step = await record();
    await outerGradients(step, [syntheticTask(0)]);
    const losses = await step.losses();
    expect(losses).toHaveLength(2);
    for (const { adversarial, sumToOne, kernelPixels, discriminator } of losses) {
      // An untrained discriminator says about a half, and the untrained generator's kernel is next to nothing.
      for (const half of [adversarial, sumToOne, discriminator])
        expect(Math.abs(half - 0.5)).toBeLessThan(0.1);
      expect(Math.abs(kernelPixels - 1)).toBeLessThan(0.2);
    }
    expect(step.multiplyAdds).toBeGreaterThan(0.4e9);
    expect(step.multiplyAdds).toBeLessThan(0.7e9);
  });

  it("can do without an inner loop, as DSKernelGAN", async () => {
    const step = await record({ evaluations: [0] });
    const { generator } = await outerGradients(step, [taskWithoutInnerLoop()], { shares: [1] });
    expect(Math.hypot(...generator)).toBeGreaterThan(1e-3);
    // At the start itself: the losses are those of a kernel that no step has changed.
    const [start] = await step.losses();
    const adapted = await record();
    await outerGradients(adapted, [syntheticTask(0)]);
    const [later] = await adapted.losses();
    expect(start?.kernelPixels).not.toBe(later?.kernelPixels);
    expect(Math.abs((start?.kernelPixels ?? 0) - 1)).toBeLessThan(0.2);
  });
});
