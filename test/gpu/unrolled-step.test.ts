import { beforeAll, describe, expect, it } from "vitest";
import { RandomStream } from "../../src/engine/random.js";
import { randomKernel } from "../../src/model/degradation/random-kernel.js";
import { type GanWeights, untrainedGanWeights } from "../../src/model/gan-weights.js";
import { gaussianBank } from "../../src/model/gaussian-bank.js";
import type { InnerLoop } from "../../src/train/inner-loop.js";
import type { ForBoth } from "../../src/train/learned-start.js";
import { type UnrolledOptions, UnrolledStep } from "../../src/train/unrolled/unrolled-step.js";
import type { UnrolledTask } from "../../src/train/unrolled/unrolled-task.js";
import { useEngine } from "../support/engine.js";
import { relativeError } from "../support/gradient-check.js";
import { syntheticImage } from "../support/synthetic-image.js";

const gpu = useEngine();
const NETWORKS = ["generator", "discriminator"] as const;
const WEIGHTS = [0.4, 0.6];

/** A generator near the bank, so that none of its weights stands still because others are zero. */
function startWeights(): Map<string, Float32Array> {
  const weights = new Map([...untrainedGanWeights(2), ...gaussianBank()]);
  for (const [stream, [name, values]] of [...gaussianBank()].entries()) {
    const random = new RandomStream(9, stream);
    weights.set(
      name,
      // A kernel that sums to less than one, so that |1 − Σ k| has no kink where the loop goes.
      values.map((value) => 0.9 * value + 2e-4 * random.normal()),
    );
  }
  return weights;
}

/** The same with power iterations that have converged: their course is not part of the gradient. */
function converged(weights: Map<string, Float32Array>): GanWeights {
  for (let layer = 0; layer < 7; layer++) {
    const part = (name: string) => weights.get(`discriminator.conv.${layer}.${name}`) as Float32Array;
    const [matrix, u, v] = [part("weight_orig"), part("weight_u"), part("weight_v")];
    const unit = (values: Float32Array): void => {
      const length = Math.hypot(...values);
      values.forEach((value, i) => {
        values[i] = value / length;
      });
    };
    for (let iteration = 0; iteration < 300; iteration++) {
      for (const c of v.keys())
        v[c] = u.reduce((sum, x, r) => sum + x * (matrix[r * v.length + c] as number), 0);
      unit(v);
      for (const r of u.keys())
        u[r] = v.reduce((sum, x, c) => sum + x * (matrix[r * v.length + c] as number), 0);
      unit(u);
    }
  }
  return weights;
}

const start = converged(startWeights());

/** A task of three inner steps. */
function task(seed: number): UnrolledTask {
  const kernel = randomKernel(new RandomStream(seed, 0));
  return {
    image: syntheticImage(seed, 320, 320),
    kernel: kernel.values,
    corners: [10, 20, 64, 96, 2 * seed, 40],
  };
}

/** So gentle that kinks and rounding leave the objective a slope to compare with. */
const LOOP: InnerLoop = {
  generatorRate: () => 2e-3,
  discriminatorRate: () => 0.05,
  discriminatorSize: (name) => (name.includes("conv") ? 1 : 0.5),
};

const record = (options: Partial<UnrolledOptions> = {}): Promise<UnrolledStep> =>
  UnrolledStep.record(gpu.engine, {
    evaluations: [1, 3],
    rate: 1e-3,
    learn: "both",
    steps: 4,
    tasksPerStep: 1,
    noise: false,
    loop: LOOP,
    clip: { generator: 1e9, discriminator: 1e9 },
    ...options,
  });

async function outerGradients(
  step: UnrolledStep,
  tasks: readonly UnrolledTask[],
  weights = start,
): Promise<ForBoth<Float32Array>> {
  step.start.load(weights);
  step.run(tasks, WEIGHTS, 5);
  return {
    generator: await gpu.engine.read(step.start.outer.generator),
    discriminator: await gpu.engine.read(step.start.outer.discriminator),
  };
}

/** The outer objective of the task that was run last. */
async function objective(step: UnrolledStep): Promise<number> {
  const losses = await step.losses();
  return losses.reduce(
    (sum, { kernelPixels, sumToOne, kernelCov = Number.NaN }, i) =>
      sum + (WEIGHTS[i] as number) * (kernelPixels + sumToOne + 0.1 * kernelCov),
    0,
  );
}

describe("an outer step through the unrolled inner loop", () => {
  let step: UnrolledStep;
  beforeAll(async () => {
    step = await record();
  });

  // An untrained discriminator's inner layers make the objective so rough, by the kinks of ReLU, that central differences of
  // any length say something else: so its last layer has to stand for them, to which all that is handed back goes through them.
  // Even so its slopes of different lengths differ by a tenth or two; a wrong sign or a lost term is off by more.
  it.each([
    { network: "generator", names: /generator/, reach: 1e-4, tolerance: 0.05 },
    { network: "discriminator", names: /conv\.6/, reach: 3e-2, tolerance: 0.2 },
  ] as const)(
    "has the slope of the objective in the $network's start",
    async ({ network, names, reach, tolerance }) => {
      const gradients = await outerGradients(step, [task(1)]);
      const slopes = new Map(
        [...step.start.parameters[network].split(gradients[network])].filter(([name]) => names.test(name)),
      );
      const all = [...slopes.values()].flatMap((values) => [...values]);
      const length = Math.hypot(...all);
      const size = Math.hypot(
        ...[...slopes.keys()].flatMap((name) => [...(start.get(name) as Float32Array)]),
      );
      const at = async (by: number): Promise<number> => {
        const moved = new Map(
          [...start].map(([name, values]) => {
            const slope = slopes.get(name);
            return [
              name,
              slope ? values.map((v, i) => v + (by * size * (slope[i] as number)) / length) : values,
            ];
          }),
        );
        await outerGradients(step, [task(1)], moved);
        return objective(step);
      };
      // Several lengths, so that no kink or rounding of one of them decides.
      const found: number[] = [];
      for (const by of [0.8, 1, 1.25].map((part) => part * reach)) {
        found.push(((await at(by)) - (await at(-by))) / (2 * by * size));
      }
      const slope = found.reduce((sum, value) => sum + value) / found.length;
      expect(Math.abs(slope / length - 1)).toBeLessThan(tolerance);
    },
  );

  it("takes the mean over its tasks", async () => {
    const two = await record({ tasksPerStep: 2 });
    const [first, second] = [task(1), task(2)];
    const alone = await outerGradients(step, [first]);
    const moved = [...(await step.start.weights())].filter(([name]) => /weight_[uv]$/.test(name));
    step.start.load(new Map([...start, ...moved]));
    // The second task's noise has the next seed; there is none here.
    step.run([second], WEIGHTS, 6);
    const after = {
      generator: await gpu.engine.read(step.start.outer.generator),
      discriminator: await gpu.engine.read(step.start.outer.discriminator),
    };
    const both = await outerGradients(two, [first, second]);
    for (const network of NETWORKS) {
      const mean = both[network].map(
        (_, i) => ((alone[network][i] as number) + (after[network][i] as number)) / 2,
      );
      expect(relativeError(both[network], mean), network).toBeLessThan(1e-4);
    }
  });

  it("gives the same to the bit again", async () => {
    const noisy = await record({ noise: true });
    const first = await outerGradients(noisy, [task(1)]);
    expect(await outerGradients(noisy, [task(1)])).toEqual(first);
    const silent = await outerGradients(step, [task(1)]);
    expect(silent.discriminator).not.toEqual(first.discriminator);
  });

  it("leaves the start's generator as it is where only the discriminator learns", async () => {
    const half = await record({ learn: "discriminator" });
    await outerGradients(half, [task(1)]);
    const after = await half.start.weights();
    const name = "discriminator.conv.3.weight_orig";
    expect(after.get("generator.0.weight")).toEqual(start.get("generator.0.weight"));
    expect(after.get(name)).not.toEqual(start.get(name));
  });

  it("reports its losses and its cost", async () => {
    await outerGradients(step, [task(1)]);
    const losses = await step.losses();
    expect(losses).toHaveLength(2);
    for (const { adversarial, sumToOne, kernelPixels, discriminator, kernelCov } of losses) {
      for (const part of [adversarial, discriminator]) expect(Math.abs(part - 0.5)).toBeLessThan(0.4);
      // Six layers of 0.9 of a kernel that sums to one, which the loop has hardly moved.
      expect(Math.abs(sumToOne - 0.5 * (1 - 0.9 ** 6))).toBeLessThan(0.03);
      expect(kernelPixels).toBeGreaterThan(0.05);
      expect(kernelPixels).toBeLessThan(1);
      expect(kernelCov).toBeGreaterThan(0.1);
    }
    // An inner step and its way back cost less than five steps of an estimate.
    expect(step.multiplyAdds).toBeGreaterThan(3 * 0.4e9);
    expect(step.multiplyAdds).toBeLessThan(3 * 0.7e9);
  });
});
