import type { Engine } from "../engine/engine.js";
import { NumericalError } from "../engine/errors.js";
import { type GanWeights, untrainedGanWeights } from "../model/gan-weights.js";
import { evaluationWeights } from "./evaluation-weights.js";
import { type MetaLosses, MetaStep, type Moments } from "./meta-step.js";
import { metaTask, type TrainingImage } from "./tasks.js";

/** What defines a training run: with the images, everything that its numbers depend on. */
export interface MetaTrainingConfig {
  /** Outer steps of the whole run. */
  readonly steps: number;
  readonly seed: number;
  /** After which inner steps the meta-losses are evaluated. */
  readonly evaluations: readonly number[];
  /** Tasks whose gradients one outer step sums. */
  readonly tasksPerStep: number;
}

/** The paper's run. */
export const META_TRAINING: MetaTrainingConfig = {
  steps: 100_000,
  seed: 0,
  evaluations: [5, 10, 15, 20, 25],
  tasksPerStep: 1,
};

/** All that a run has learned so far. */
export interface MetaTrainingState {
  /** Outer steps taken. */
  readonly step: number;
  readonly weights: GanWeights;
  readonly moments: Moments;
}

/** A run of meta-training, step by step. The same configuration and images give the same run, also if it is interrupted. */
export class MetaTraining {
  private submitted: Promise<void> = Promise.resolve();

  private constructor(
    private readonly engine: Engine,
    private readonly images: readonly TrainingImage[],
    private readonly config: MetaTrainingConfig,
    private readonly metaStep: MetaStep,
    private taken: number,
  ) {}

  /** Begins a run, or goes on from a state of it. */
  static async begin(
    engine: Engine,
    images: readonly TrainingImage[],
    config: MetaTrainingConfig,
    state?: MetaTrainingState,
  ): Promise<MetaTraining> {
    const metaStep = await MetaStep.record(engine, {
      evaluations: config.evaluations,
      outerSteps: config.steps,
    });
    metaStep.load(state?.weights ?? untrainedGanWeights(config.seed), state);
    return new MetaTraining(engine, images, config, metaStep, state?.step ?? 0);
  }

  /** Outer steps taken so far. */
  get step(): number {
    return this.taken;
  }

  /** Multiply-adds of one outer step. */
  get multiplyAdds(): number {
    return this.config.tasksPerStep * this.metaStep.multiplyAdds;
  }

  /** Takes one outer step. Its tasks are made while the GPU is still busy with the step before. */
  async next(): Promise<void> {
    const { evaluations, tasksPerStep, seed } = this.config;
    const shape = { innerSteps: evaluations.at(-1) as number, evaluations: evaluations.length };
    const first = this.taken * tasksPerStep;
    const tasks = Array.from({ length: tasksPerStep }, (_, i) =>
      metaTask(this.images, shape, seed, first + i),
    );
    await this.submitted;
    this.metaStep.run(tasks, evaluationWeights(this.taken, evaluations.length), seed + first);
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
    const losses = await this.metaStep.losses();
    if (!losses.every((evaluation) => Object.values(evaluation).every(Number.isFinite))) {
      throw new NumericalError(
        `Training diverged at step ${this.taken}: the meta-losses are ${JSON.stringify(losses)}. Go on from the last checkpoint with another seed or a lower rate.`,
      );
    }
    return losses;
  }

  /** All that was learned so far. */
  async state(): Promise<MetaTrainingState> {
    await this.submitted;
    return {
      step: this.taken,
      weights: await this.metaStep.weights(),
      moments: await this.metaStep.moments(),
    };
  }
}
