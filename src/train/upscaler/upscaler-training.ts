import type { Engine } from "../../engine/engine.js";
import { ShapeError } from "../../engine/errors.js";
import { type AdamState, adam } from "../../engine/optimizers/adam.js";
import { RandomStream } from "../../engine/random.js";
import { RANDOM_STREAMS } from "../../engine/random-streams.js";
import { advance } from "../../engine/recording/history.js";
import type { Program } from "../../engine/recording/program.js";
import { StepCounter } from "../../engine/recording/step-counter.js";
import { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { ResUNet } from "../../model/usrnet/res-unet.js";
import { configOf } from "../../model/usrnet/usrnet-config.js";
import type { WeightFile } from "../../weights/weight-file.js";
import type { TrainingImage } from "../training-image.js";
import { Unfolding } from "./unfolding.js";
import { type TrainedScale, upscalerTask } from "./upscaler-task.js";
import type { UpscalerTrainingOptions } from "./upscaler-training-options.js";

/** Part of the steps that are for ×2; the others are for ×4. */
const TWOFOLD = 0.7;

/** What a training needs to go on. */
export interface UpscalerTrainingState {
  readonly step: number;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly moments: Readonly<Record<keyof AdamState, ReadonlyMap<string, Float32Array>>>;
}

/** Trains the prior network of a USRNet on its unfolded iterations, from patches with random blurs, noise and scale. */
export class UpscalerTraining {
  private constructor(
    private readonly engine: Engine,
    private readonly prior: ResUNet,
    private readonly unfoldings: Readonly<Record<TrainedScale, Unfolding>>,
    private readonly update: Program,
    private readonly gradient: Tensor,
    private readonly moments: AdamState,
    private readonly counter: StepCounter,
    private readonly images: readonly TrainingImage[],
    private readonly options: UpscalerTrainingOptions,
  ) {}

  /**
   * Records the steps.
   * @param file weights to begin with.
   * @throws {ShapeError} if the patches' size is no multiple of 32.
   */
  static async create(
    engine: Engine,
    file: WeightFile,
    images: readonly TrainingImage[],
    options: UpscalerTrainingOptions,
  ): Promise<UpscalerTraining> {
    if (options.size % 32)
      throw new ShapeError(`Patches are a multiple of 32 pixels wide; got ${options.size}.`);
    const config = configOf(file);
    const prior = new ResUNet(engine, config);
    prior.parameters.write(new Map([...file.tensors].map(([name, { data }]) => [name, data])));
    const record = (scale: TrainedScale): Promise<Unfolding> =>
      Unfolding.record(engine, prior, file, config.iterations, { ...options, scale });
    const unfoldings = { 2: await record(2), 4: await record(4) };
    const { whole } = prior.parameters;
    const tape = new Tape(engine);
    const counter = new StepCounter(engine);
    const gradient = tape.tensor(whole.shape, "gradient");
    const rate = (step: number): number =>
      (options.rate * (1 + Math.cos((Math.PI * step) / options.steps))) / 2;
    const moments = adam(tape, prior.parameters, gradient, counter, options.steps, { rate });
    advance(tape, counter);
    const update = await tape.finish();
    return new UpscalerTraining(
      engine,
      prior,
      unfoldings,
      update,
      gradient,
      moments,
      counter,
      images,
      options,
    );
  }

  /** Goes on from a state. */
  restore({ step, weights, moments }: UpscalerTrainingState): void {
    this.prior.parameters.write(weights);
    this.prior.parameters.write(moments.first, this.moments.first);
    this.prior.parameters.write(moments.second, this.moments.second);
    this.counter.reset(0, step);
  }

  /** Submits a step; which one it is says what it learns from. Returns where its loss will be. */
  step(number: number): StepLoss {
    const { seed, batch, size } = this.options;
    const scale = new RandomStream(seed, RANDOM_STREAMS.upscalerScale, number).uniform() < TWOFOLD ? 2 : 4;
    const unfolding = this.unfoldings[scale];
    unfolding.run(
      Array.from({ length: batch }, (_, item) =>
        upscalerTask(this.images, scale, size, seed, number * batch + item),
      ),
    );
    this.engine.copy(unfolding.gradient, this.gradient);
    this.update.run();
    const values = batch * 3 * size ** 2;
    return { scale, read: async () => ((await this.engine.read(unfolding.loss))[0] as number) / values };
  }

  /** Multiply-adds of a step for ×2. */
  get multiplyAdds(): number {
    return this.unfoldings[2].multiplyAdds;
  }

  /** Reads back what is needed to go on after so many steps. */
  async state(step: number): Promise<UpscalerTrainingState> {
    const { parameters } = this.prior;
    const moment = async (which: keyof AdamState): Promise<Map<string, Float32Array>> =>
      parameters.split(await this.engine.read(this.moments[which]));
    return {
      step,
      weights: await parameters.read(),
      moments: { first: await moment("first"), second: await moment("second") },
    };
  }

  dispose(): void {
    for (const unfolding of Object.values(this.unfoldings)) unfolding.dispose();
    this.update.dispose();
    this.engine.free(this.counter.tensor);
    this.prior.dispose();
  }
}

/** The loss of a submitted step. */
export interface StepLoss {
  readonly scale: TrainedScale;
  /** Mean absolute error of the batch, once the step has run. */
  read(): Promise<number>;
}
