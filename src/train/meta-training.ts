import type { Engine } from "../engine/engine.js";
import { NumericalError } from "../engine/errors.js";
import { type GanWeights, untrainedGanWeights } from "../model/gan-weights.js";
import { evaluationWeights } from "./evaluation-weights.js";
import type { Moments } from "./learned-start.js";
import { MetaStep } from "./meta-step.js";
import type { MetaLosses, OuterStep } from "./outer-step.js";
import { metaTask, type TaskShape } from "./tasks.js";
import type { MetaTrainingConfig } from "./training-config.js";
import type { TrainingImage } from "./training-image.js";
import { UnrolledStep } from "./unrolled/unrolled-step.js";
import { unrolledTask } from "./unrolled/unrolled-task.js";

/** All that a run has learned so far. */
export interface MetaTrainingState {
  /** Outer steps taken. */
  readonly step: number;
  readonly weights: GanWeights;
  readonly moments: Moments;
}

/** An outer step by the numbers of its tasks. */
interface Submit extends Omit<OuterStep<never>, "run"> {
  run(shape: TaskShape, seed: number, numbers: readonly number[], weights: readonly number[]): void;
}

function ofTasks<Task>(
  step: OuterStep<Task>,
  images: readonly TrainingImage[],
  taskOf: (images: readonly TrainingImage[], shape: TaskShape, seed: number, number: number) => Task,
): Submit {
  return {
    start: step.start,
    multiplyAdds: step.multiplyAdds,
    losses: () => step.losses(),
    run: (shape, seed, numbers, weights) =>
      step.run(
        numbers.map((number) => taskOf(images, shape, seed, number)),
        weights,
        seed + (numbers[0] as number),
      ),
  };
}

/** A run of meta-training, step by step. The same configuration and images give the same run, also if it is interrupted. */
export class MetaTraining {
  private submitted: Promise<void> = Promise.resolve();

  private constructor(
    private readonly engine: Engine,
    private readonly config: MetaTrainingConfig,
    private readonly outerStep: Submit,
    private taken: number,
  ) {}

  /** The state before the first step: from weights, or from the untrained ones of the configuration's seed. */
  static untrained({ seed }: MetaTrainingConfig, weights = untrainedGanWeights(seed)): MetaTrainingState {
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
    const outerStep =
      config.innerLoop === "paper"
        ? ofTasks(await MetaStep.record(engine, config), images, metaTask)
        : ofTasks(await UnrolledStep.record(engine, config), images, unrolledTask);
    outerStep.start.load(state.weights, state);
    return new MetaTraining(engine, config, outerStep, state.step);
  }

  /** Outer steps taken so far. */
  get step(): number {
    return this.taken;
  }

  /** Multiply-adds of one outer step. */
  get multiplyAdds(): number {
    return this.config.tasksPerStep * this.outerStep.multiplyAdds;
  }

  /**
   * Takes one outer step. Its tasks are made, and it is submitted, while the GPU is still
   * busy with the step before.
   */
  async next(): Promise<void> {
    const { evaluations, tasksPerStep, seed } = this.config;
    const shape = { innerSteps: evaluations.at(-1) as number, evaluations: evaluations.length };
    const first = this.taken * tasksPerStep;
    const numbers = Array.from({ length: tasksPerStep }, (_, i) => first + i);
    this.outerStep.run(shape, seed, numbers, evaluationWeights(this.taken, evaluations.length));
    await this.submitted;
    this.submitted = this.engine.synchronise();
    // A failure is heard when the next step, or the state, awaits it.
    this.submitted.catch(() => {});
    this.taken++;
  }

  /**
   * The meta-losses of the last step.
   * @throws {NumericalError} if one is not finite.
   */
  async losses(): Promise<MetaLosses[]> {
    const losses = await this.outerStep.losses();
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
      weights: await this.outerStep.start.weights(),
      moments: await this.outerStep.start.moments(),
    };
  }
}
