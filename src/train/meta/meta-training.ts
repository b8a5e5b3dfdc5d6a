import type { Engine } from "../../engine/engine.js";
import { NumericalError } from "../../engine/errors.js";
import { type GanWeights, untrainedGanWeights } from "../../model/gan/gan-weights.js";
import { BlurStep } from "../blur/blur-step.js";
import { blurTask } from "../blur/blur-task.js";
import type { TrainingImage } from "../training-image.js";
import type { Moments } from "./learned-initialization.js";
import { MetaStep } from "./meta-step.js";
import { metaTask } from "./meta-task.js";
import type { MetaTrainingConfig } from "./meta-training-config.js";
import { multiStepLossWeights } from "./multi-step-loss-weights.js";
import type { OuterLosses, OuterStep } from "./outer-step.js";

/** All that a run has learned so far. */
export interface MetaTrainingState {
  /** Outer steps taken. */
  readonly step: number;
  readonly weights: GanWeights;
  readonly moments: Moments;
}

/** An outer step, and how it is submitted: its number says its tasks. */
interface NumberedStep {
  readonly outer: OuterStep;
  readonly run: (step: number) => void;
}

async function numberedStep(
  engine: Engine,
  images: readonly TrainingImage[],
  config: MetaTrainingConfig,
): Promise<NumberedStep> {
  const { method, seed, tasksPerStep, evaluations } = config;
  /** A step's tasks, of which the first one's number goes into the seed of its noise. */
  const tasksOf = <Task>(step: number, make: (number: number) => Task): [Task[], number] => {
    const first = step * tasksPerStep;
    return [Array.from({ length: tasksPerStep }, (_, i) => make(first + i)), seed + first];
  };
  if (method === "blur") {
    const outer = await BlurStep.record(engine, config);
    return { outer, run: (step) => outer.run(...tasksOf(step, (number) => blurTask(images, seed, number))) };
  }
  const outer = await MetaStep.record(engine, config);
  const shape = { innerSteps: evaluations.at(-1) as number, evaluations: evaluations.length };
  const run = (step: number): void => {
    const [tasks, noise] = tasksOf(step, (number) => metaTask(images, shape, seed, number));
    outer.run(tasks, multiStepLossWeights(step, evaluations.length), noise);
  };
  return { outer, run };
}

/** A run of meta-training, step by step. The same configuration and images give the same run, also if it is interrupted. */
export class MetaTraining {
  private submitted: Promise<void> = Promise.resolve();

  private constructor(
    private readonly engine: Engine,
    private readonly config: MetaTrainingConfig,
    private readonly numbered: NumberedStep,
    private taken: number,
  ) {}

  /** The state before the first step: from weights, or from the untrained ones of the configuration's seed. */
  static untrained(
    { seed }: Pick<MetaTrainingConfig, "seed">,
    weights = untrainedGanWeights(seed),
  ): MetaTrainingState {
    const zeros = new Map([...weights].map(([name, { length }]) => [name, new Float32Array(length)]));
    return { step: 0, weights, moments: { first: zeros, second: zeros } };
  }

  /** Begins a run, or goes on from a state of it. */
  static async begin(
    engine: Engine,
    images: readonly TrainingImage[],
    config: MetaTrainingConfig,
    state = MetaTraining.untrained(config),
  ): Promise<MetaTraining> {
    const numbered = await numberedStep(engine, images, config);
    numbered.outer.start.load(state.weights, state);
    return new MetaTraining(engine, config, numbered, state.step);
  }

  /** Outer steps taken so far. */
  get step(): number {
    return this.taken;
  }

  /** Multiply-adds of one outer step. */
  get multiplyAdds(): number {
    return this.config.tasksPerStep * this.numbered.outer.multiplyAdds;
  }

  /**
   * Takes one outer step. Its tasks are made, and it is submitted, while the GPU is still
   * busy with the step before.
   */
  async next(): Promise<void> {
    this.numbered.run(this.taken);
    await this.submitted;
    this.submitted = this.engine.synchronize();
    // A failure is heard when the next step, or the state, awaits it.
    this.submitted.catch(() => {});
    this.taken++;
  }

  /**
   * The losses of the last step.
   * @throws {NumericalError} if one is not finite.
   */
  async losses(): Promise<OuterLosses[]> {
    const losses = await this.numbered.outer.losses();
    for (const evaluation of losses) {
      const bad = Object.entries(evaluation).find(([, value]) => !Number.isFinite(value));
      if (bad) {
        throw new NumericalError(`Training diverged: at step ${this.taken} the ${bad[0]} loss is ${bad[1]}.`);
      }
    }
    return losses;
  }

  /** All that was learned so far. */
  async state(): Promise<MetaTrainingState> {
    await this.submitted;
    return {
      step: this.taken,
      weights: await this.numbered.outer.start.weights(),
      moments: await this.numbered.outer.start.moments(),
    };
  }
}
