import type { Engine } from "../../engine/device/engine.js";
import { innerLoopOf } from "../../estimate/metakernelgan/inner-loop.js";
import type { WeightFile } from "../../weights/weight-file.js";
import { BlurStep } from "../blur/blur-step.js";
import { blurTask } from "../blur/blur-task.js";
import { MetaStep } from "../meta/meta-step.js";
import { metaTask } from "../meta/meta-task.js";
import { multiStepLossWeights } from "../meta/multi-step-loss-weights.js";
import type { GanSettings } from "../outer-step/gan-settings.js";
import type { OuterStep } from "../outer-step/outer-step.js";
import { type Losses, type Trainer, type TrainingState, type Validation, withWeights } from "../trainer.js";
import type { TrainerOptions } from "../training.js";
import { type ValidationImage, validate, validationImage } from "./validation.js";

/** Learns an initialization of generator and discriminator by one of the methods. */
export class GanTrainer implements Trainer {
  private constructor(
    private readonly engine: Engine,
    private readonly batch: number,
    private readonly file: WeightFile,
    private readonly outer: OuterStep,
    readonly submit: (number: number) => void,
    private readonly heldOut: readonly ValidationImage[],
  ) {}

  static async create(engine: Engine, options: TrainerOptions<GanSettings>): Promise<GanTrainer> {
    const { settings, network } = options;
    const [outer, submit] = await (settings.outerStep === "blur" ? blurSteps : metaSteps)(engine, options);
    const heldOut = options.heldOut.map(validationImage);
    return new GanTrainer(engine, settings.batch, network, outer, submit, heldOut);
  }

  get multiplyAdds(): number {
    return this.batch * this.outer.multiplyAdds;
  }

  restore(state: TrainingState): void {
    this.outer.initialization.load(state.weights, state);
  }

  losses(): Promise<Losses[]> {
    return this.outer.losses();
  }

  read(): Promise<Omit<TrainingState, "step">> {
    return this.outer.initialization.read();
  }

  network(weights: TrainingState["weights"]): WeightFile {
    return withWeights(this.file, weights);
  }

  validate(network: WeightFile, options: { steps: number; signal: AbortSignal }): Promise<Validation> {
    return validate(this.engine, network, this.heldOut, options);
  }

  dispose(): void {
    this.outer.dispose();
  }
}

type Steps = readonly [outer: OuterStep, submit: (number: number) => void];

async function blurSteps(engine: Engine, options: TrainerOptions<GanSettings>): Promise<Steps> {
  const { settings, steps, images } = options;
  const { seed, rate, batch } = settings;
  const outer = await BlurStep.record(engine, { steps, rate, batch });
  const submit = (step: number): void =>
    outer.run(...tasksOf(step, settings, (number) => blurTask(images, seed, number)));
  return [outer, submit];
}

async function metaSteps(engine: Engine, options: TrainerOptions<GanSettings>): Promise<Steps> {
  const { settings, steps, images, network } = options;
  const { seed, rate, learn, evaluations } = settings;
  const outer = await MetaStep.record(engine, {
    steps,
    rate,
    learn,
    evaluations,
    // What the initialization is for: estimates from it will adapt by the same loop.
    innerLoop: innerLoopOf(network.metadata),
    kernelPixels: settings.kernelPixels === "on",
  });
  const shape = { innerSteps: evaluations.at(-1) as number, evaluations: evaluations.length };
  const submit = (step: number): void => {
    const [tasks, noiseSeed] = tasksOf(step, settings, (number) => metaTask(images, shape, seed, number));
    outer.run(tasks, multiStepLossWeights(step, evaluations.length), noiseSeed);
  };
  return [outer, submit];
}

/** A step's tasks, and the seed of its noise, which follows from the number of the first task. */
function tasksOf<Task>(
  step: number,
  { batch, seed }: GanSettings,
  make: (number: number) => Task,
): [Task[], number] {
  const first = step * batch;
  return [Array.from({ length: batch }, (_, i) => make(first + i)), seed + first];
}
