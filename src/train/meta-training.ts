import type { Engine } from "../engine/engine.js";
import { NumericalError } from "../engine/errors.js";
import { type GanWeights, untrainedGanWeights } from "../model/gan-weights.js";
import { evaluationWeights } from "./evaluation-weights.js";
import { type MetaLosses, MetaStep, type Moments } from "./meta-step.js";
import { metaTask } from "./tasks.js";
import type { MetaTrainingConfig } from "./training-config.js";
import type { TrainingImage } from "./training-image.js";

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
    const metaStep = await MetaStep.record(engine, config);
    metaStep.load(state.weights, state);
    return new MetaTraining(engine, images, config, metaStep, state.step);
  }

  /** Outer steps taken so far. */
  get step(): number {
    return this.taken;
  }

  /** Multiply-adds of one outer step. */
  get multiplyAdds(): number {
    return this.config.tasksPerStep * this.metaStep.multiplyAdds;
  }

  /**
   * Takes one outer step. Its tasks are made, and it is submitted, while the GPU is still
   * busy with the step before.
   */
  async next(): Promise<void> {
    const { evaluations, tasksPerStep, seed } = this.config;
    const shape = { innerSteps: evaluations.at(-1) as number, evaluations: evaluations.length };
    const first = this.taken * tasksPerStep;
    const tasks = Array.from({ length: tasksPerStep }, (_, i) =>
      metaTask(this.images, shape, seed, first + i),
    );
    this.metaStep.run(tasks, evaluationWeights(this.taken, evaluations.length), seed + first);
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
    const losses = await this.metaStep.losses();
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
      weights: await this.metaStep.weights(),
      moments: await this.metaStep.moments(),
    };
  }
}
