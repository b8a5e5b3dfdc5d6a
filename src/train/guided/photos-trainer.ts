import type { Engine } from "../../engine/device/engine.js";
import { freeOnFailure } from "../../engine/disposal.js";
import { muon } from "../../engine/optimizers/muon.js";
import { Parameters } from "../../engine/optimizers/parameters.js";
import { RandomStream } from "../../engine/random.js";
import { RANDOM_STREAMS } from "../../engine/random-streams.js";
import { advance } from "../../engine/recording/history.js";
import type { Program } from "../../engine/recording/program.js";
import { StepCounter } from "../../engine/recording/step-counter.js";
import { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { psnrY } from "../../image/metrics/image-metrics.js";
import { mean } from "../../image/metrics/mean.js";
import { upscaleBicubic } from "../../image/resize/bicubic.js";
import { type RgbImage, rgbImage } from "../../image/rgb-image.js";
import { type GuidedConfig, guidedConfigOf, guidedShapes } from "../../model/guided/layout.js";
import type { WeightFile } from "../../weights/weight-file.js";
import { cosineDecay, warmUp } from "../schedule.js";
import { readTrained, type TrainedParameters, writeTrained } from "../trained-parameters.js";
import { type Losses, type Trainer, type TrainingState, type Validation, withWeights } from "../trainer.js";
import { averageWeights } from "./operations/average-weights.js";
import { clipGradient } from "./operations/clip-gradient.js";
import { cutPatch, type Patch } from "./patch.js";
import type { PhotosSettings } from "./photos-settings.js";
import { RecordedBatch } from "./recorded-batch.js";
import { randomPatch, type SampleData, type SampleFile } from "./sample-source.js";

/** The longest gradient that a step takes as it is. */
const MAX_GRADIENT = 0.2;

/** The part of the running average that stays in a step, once it has seen so many steps. */
const AVERAGING = 0.999;

/** When patches of the later size begin, as a part of the steps. */
const LATE = 0.8;

/** Pixels of the border that a validation leaves out. */
const BORDER = 8;

/** What the steps of the network for photos need. */
export interface PhotosOptions extends SampleData {
  readonly settings: PhotosSettings;
  /** Steps of the whole run. */
  readonly steps: number;
  /** The network's file: its weights are the running average where a run goes on. */
  readonly network: WeightFile;
}

/**
 * Trains the network for photos by a logarithmic loss, with clipped gradients, Muon, and a running average of the weights, which is
 * the network to use.
 */
export class PhotosTrainer implements Trainer {
  /** The running averages that were read together with weights. */
  private readonly averages = new WeakMap<TrainingState["weights"], ReadonlyMap<string, Float32Array>>();

  private constructor(
    private readonly engine: Engine,
    private readonly config: GuidedConfig,
    private readonly early: RecordedBatch,
    private readonly late: RecordedBatch,
    private readonly update: Program,
    private readonly gradient: Tensor,
    /** [batch]: of the last step. */
    private readonly loss: Tensor,
    private readonly trained: TrainedParameters,
    private readonly average: Parameters,
    private readonly counter: StepCounter,
    private readonly options: PhotosOptions,
  ) {}

  static create(engine: Engine, options: PhotosOptions): Promise<PhotosTrainer> {
    return freeOnFailure(async (own) => {
      const { settings, steps, network } = options;
      const { batch, patch, latePatch, rate, warmUp: over } = settings;
      const config = guidedConfigOf(network);
      const shapes = [...guidedShapes(config)]
        .map(([name, shape]) => ({ name, shape }))
        // Weights of convolutions first, as Muon wants them.
        .sort((a, b) => b.shape.length - a.shape.length);
      const parameters = own(new Parameters(engine, shapes, "network for photos"));
      const average = own(new Parameters(engine, shapes, "running average"));
      average.write(new Map([...network.tensors].map(([name, { data }]) => [name, data])));
      const record = async (side: number): Promise<RecordedBatch> => {
        const size = { batch, height: side, width: side };
        return own(await RecordedBatch.record(engine, parameters, config, size, true));
      };
      const early = await record(patch);
      const late = latePatch === patch ? early : await record(latePatch);
      const tape = own(new Tape(engine));
      const counter = own(new StepCounter(engine));
      const gradient = tape.tensor(parameters.whole.shape, "gradient");
      const loss = tape.tensor([batch], "loss of the last step");
      clipGradient(tape, gradient, MAX_GRADIENT);
      const moments = muon(tape, parameters, gradient, counter, steps, {
        rate: (step) => rate * warmUp(step + 1, over) * cosineDecay(step / steps),
        beta2: 0.99,
      });
      const shares = Float32Array.from(
        { length: steps },
        (_, step) => 1 - Math.min(AVERAGING, (step + 1) / (step + 11)),
      );
      averageWeights(tape, parameters.whole, tape.constant(shares, "shares"), counter, average.whole);
      advance(tape, counter);
      const update = await tape.finish();
      const trained = { parameters, moments };
      return new PhotosTrainer(
        engine,
        config,
        early,
        late,
        update,
        gradient,
        loss,
        trained,
        average,
        counter,
        options,
      );
    });
  }

  /** Multiply-adds of an early step. */
  get multiplyAdds(): number {
    return this.early.multiplyAdds;
  }

  /** The running average stays that of the network's file. */
  restore({ step, weights, moments }: TrainingState): void {
    writeTrained([this.trained], weights, moments);
    this.counter.reset(0, step);
  }

  submit(number: number): void {
    const { settings, samples } = this.options;
    const { seed, batch, patch, latePatch, photos } = settings;
    const random = new RandomStream(seed, RANDOM_STREAMS.photosPatch, number);
    const side = this.isLate(number) ? latePatch : patch;
    this.learn(
      number,
      Array.from({ length: batch }, () => randomPatch(samples, side, random, photos)),
    );
  }

  /** Submits a step that learns from these patches. */
  learn(number: number, patches: readonly Patch[]): void {
    const batch = this.isLate(number) ? this.late : this.early;
    batch.run(patches);
    const { gradient, loss } = batch.lesson as NonNullable<typeof batch.lesson>;
    this.engine.copy(gradient, this.gradient);
    this.engine.copy(loss, this.loss);
    this.update.run();
  }

  /** Mean of the last step's batch. */
  async losses(): Promise<Losses[]> {
    return [{ loss: mean([...(await this.engine.read(this.loss))]) }];
  }

  async read(): Promise<Omit<TrainingState, "step">> {
    const state = await readTrained(this.engine, [this.trained]);
    this.averages.set(state.weights, await this.average.read());
    return state;
  }

  /** The network of the running average that was read with these weights. */
  network(weights: TrainingState["weights"]): WeightFile {
    return withWeights(this.options.network, this.averages.get(weights) ?? weights);
  }

  /** Y-PSNR of the running average's whole pictures, their borders left out, and that of their bicubic enlargements. */
  async validate(_network: WeightFile, { signal }: { readonly signal: AbortSignal }): Promise<Validation> {
    const scores: number[] = [];
    const plain: number[] = [];
    for (const file of this.options.heldOut) {
      const { height, width, scale } = file;
      const recorded = await this.recordWhole(file);
      try {
        for (let index = 0; index < file.count; index++) {
          signal.throwIfAborted();
          const patch = cutPatch(file.read(index), file, { top: 0, left: 0, height, width });
          recorded.run([patch]);
          const image = (data: Float32Array): RgbImage => rgbImage(width * scale, height * scale, data);
          const picture = image(await this.engine.read(recorded.picture));
          const bicubic = upscaleBicubic(rgbImage(width, height, patch.small), scale);
          const sharp = image(patch.sharp);
          scores.push(psnrY(picture, sharp, BORDER));
          plain.push(psnrY(bicubic, sharp, BORDER));
        }
      } finally {
        recorded.dispose();
      }
    }
    const below = scores.filter((score, i) => score < (plain[i] as number)).length;
    return { psnr: mean(scores), bicubic: mean(plain), belowBicubic: below };
  }

  dispose(): void {
    this.early.dispose();
    if (this.late !== this.early) this.late.dispose();
    this.update.dispose();
    this.counter.dispose();
    this.average.dispose();
    this.trained.parameters.dispose();
  }

  private recordWhole({ height, width }: SampleFile): Promise<RecordedBatch> {
    return RecordedBatch.record(this.engine, this.average, this.config, { batch: 1, height, width }, false);
  }

  private isLate(number: number): boolean {
    return number >= LATE * this.options.steps;
  }
}
