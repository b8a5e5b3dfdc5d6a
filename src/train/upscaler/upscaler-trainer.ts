import type { Engine } from "../../engine/device/engine.js";
import { freeOnFailure } from "../../engine/disposal.js";
import { ShapeError } from "../../engine/errors.js";
import { adam } from "../../engine/optimizers/adam.js";
import { RandomStream } from "../../engine/random.js";
import { RANDOM_STREAMS } from "../../engine/random-streams.js";
import { advance } from "../../engine/recording/history.js";
import type { Program } from "../../engine/recording/program.js";
import { StepCounter } from "../../engine/recording/step-counter.js";
import { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { mean } from "../../image/metrics/mean.js";
import { psnr } from "../../image/metrics/psnr.js";
import { ResUNet } from "../../model/usrnet/res-unet.js";
import { configOf } from "../../model/usrnet/usrnet-config.js";
import type { WeightFile } from "../../weights/weight-file.js";
import { cosineDecay } from "../schedule.js";
import { readTrained, type TrainedParameters, writeTrained } from "../trained-parameters.js";
import { type Losses, type Trainer, type TrainingState, type Validation, withWeights } from "../trainer.js";
import type { TrainerOptions } from "../training.js";
import { type TrainingImage, trainingImage } from "../training-image.js";
import { DIFFERENTIABLE } from "./differentiable-operations.js";
import { Unfolding } from "./unfolding.js";
import { SIZE_MULTIPLE, type UpscalerSettings } from "./upscaler-settings.js";
import { type TrainedScale, upscalerTask } from "./upscaler-task.js";

/** Part of the steps for ×2; the others are for ×4. */
const TWOFOLD = 0.7;

/** Patches of each scale that a validation upscales, at least. */
const VALIDATED = 32;

/** What the steps of an upscaler need of {@link TrainerOptions}. */
export type UpscalerOptions = Pick<
  TrainerOptions<UpscalerSettings>,
  "settings" | "steps" | "images" | "heldOut" | "network"
>;

/**
 * Trains the prior network of a USRNet on its unfolded iterations, from patches with random blurs, noise and
 * scale.
 */
export class UpscalerTrainer implements Trainer {
  private submitted: TrainedScale = 2;

  private constructor(
    private readonly engine: Engine,
    private readonly prior: ResUNet,
    private readonly unfoldings: Readonly<Record<TrainedScale, Unfolding>>,
    private readonly update: Program,
    private readonly gradient: Tensor,
    /** Of the last step: a validation runs the same unfoldings. */
    private readonly loss: Tensor,
    private readonly trained: TrainedParameters,
    private readonly counter: StepCounter,
    private readonly options: Omit<UpscalerOptions, "heldOut">,
    private readonly heldOut: readonly TrainingImage[],
  ) {}

  /** @throws {ShapeError} if the size of the patches is not a multiple of 32. */
  static create(engine: Engine, { heldOut, ...options }: UpscalerOptions): Promise<UpscalerTrainer> {
    return freeOnFailure(async (own) => {
      const { settings, steps, network } = options;
      const { size, batch, rate } = settings;
      if (size % SIZE_MULTIPLE) {
        throw new ShapeError(`The side of a patch is a multiple of ${SIZE_MULTIPLE} pixels; got ${size}.`);
      }
      const config = configOf(network);
      const prior = own(new ResUNet(engine, config, "f32", DIFFERENTIABLE));
      prior.parameters.write(new Map([...network.tensors].map(([name, { data }]) => [name, data])));
      const record = async (scale: TrainedScale): Promise<Unfolding> =>
        own(await Unfolding.record(engine, prior, network, config.iterations, { size, batch, scale }));
      const unfoldings = { 2: await record(2), 4: await record(4) };
      const tape = own(new Tape(engine));
      const counter = own(new StepCounter(engine));
      const gradient = tape.tensor(prior.parameters.whole.shape, "gradient");
      const loss = tape.tensor([1], "loss of the last step");
      const moments = adam(tape, prior.parameters, gradient, counter, steps, {
        rate: (step) => rate * cosineDecay(step / steps),
      });
      advance(tape, counter);
      const update = await tape.finish();
      const trained = { parameters: prior.parameters, moments };
      return new UpscalerTrainer(
        engine,
        prior,
        unfoldings,
        update,
        gradient,
        loss,
        trained,
        counter,
        options,
        heldOut.map((image) => trainingImage(image)),
      );
    });
  }

  /** Multiply-adds of a step for ×2. */
  get multiplyAdds(): number {
    return this.unfoldings[2].multiplyAdds;
  }

  restore({ step, weights, moments }: TrainingState): void {
    writeTrained([this.trained], weights, moments);
    this.counter.reset(0, step);
  }

  submit(number: number): void {
    const { settings, images } = this.options;
    const { seed, batch, size } = settings;
    const scale = new RandomStream(seed, RANDOM_STREAMS.upscalerScale, number).uniform() < TWOFOLD ? 2 : 4;
    const unfolding = this.unfoldings[scale];
    unfolding.run(
      Array.from({ length: batch }, (_, item) =>
        upscalerTask(
          images,
          scale,
          size,
          new RandomStream(seed, RANDOM_STREAMS.upscalerTask, number * batch + item),
        ),
      ),
    );
    this.engine.copy(unfolding.gradient, this.gradient);
    this.engine.copy(unfolding.loss, this.loss);
    this.update.run();
    this.submitted = scale;
  }

  /** Mean absolute error of the last step's batch, under the name of its scale. */
  async losses(): Promise<Losses[]> {
    const { batch, size } = this.options.settings;
    const [sum = Number.NaN] = await this.engine.read(this.loss);
    return [{ [`x${this.submitted}`]: sum / (batch * 3 * size ** 2) }];
  }

  read(): Promise<Omit<TrainingState, "step">> {
    return readTrained(this.engine, [this.trained]);
  }

  /** α and β stay as they are. */
  network(weights: TrainingState["weights"]): WeightFile {
    return withWeights(this.options.network, weights);
  }

  /** Upscales patches of the images held out by the network as it is now; they are the same in every run. */
  async validate(_network: WeightFile, { signal }: { signal: AbortSignal }): Promise<Validation> {
    const { batch, size } = this.options.settings;
    const ratios: number[] = [];
    for (const scale of [2, 4] as const) {
      for (let first = 0; first < VALIDATED; first += batch) {
        signal.throwIfAborted();
        const tasks = Array.from({ length: batch }, (_, item) =>
          upscalerTask(
            this.heldOut,
            scale,
            size,
            new RandomStream(0, RANDOM_STREAMS.upscalerValidation, first + item),
          ),
        );
        const unfolding = this.unfoldings[scale];
        unfolding.run(tasks);
        const result = await this.engine.read(unfolding.result);
        tasks.forEach(({ sharp }, item) => {
          ratios.push(psnr(result.subarray(item * sharp.length, (item + 1) * sharp.length), sharp, 1));
        });
      }
    }
    return { psnr: mean(ratios) };
  }

  dispose(): void {
    for (const unfolding of Object.values(this.unfoldings)) unfolding.dispose();
    this.update.dispose();
    this.counter.dispose();
    this.prior.dispose();
  }
}
