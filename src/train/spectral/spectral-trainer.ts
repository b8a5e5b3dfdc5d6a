import type { Engine } from "../../engine/device/engine.js";
import { freeOnFailure } from "../../engine/disposal.js";
import { adam } from "../../engine/optimizers/adam.js";
import { RandomStream } from "../../engine/random.js";
import { RANDOM_STREAMS } from "../../engine/random-streams.js";
import { advance } from "../../engine/recording/history.js";
import type { Program } from "../../engine/recording/program.js";
import { StepCounter } from "../../engine/recording/step-counter.js";
import { Tape } from "../../engine/recording/tape.js";
import { sizeOf, type Tensor } from "../../engine/tensors/tensor.js";
import { lossPredictionLoss } from "../../model/losses/loss-prediction.js";
import { FEATURES, writeFeatures } from "../../model/spectral/features.js";
import { NETWORK_SHAPES } from "../../model/spectral/network-shapes.js";
import { SpectralNetwork } from "../../model/spectral/spectral-network.js";
import { SYMMETRIES, type Symmetry } from "../../model/spectral/symmetries.js";
import {
  COVARIANCE_ROWS,
  ERROR_WEIGHT,
  NON_GAUSSIANITY_ROW,
  TARGETS,
  targetsOf,
} from "../../model/spectral/targets.js";
import type { WeightFile } from "../../weights/weight-file.js";
import { cosineDecay, warmUp } from "../schedule.js";
import { readTrained, type TrainedParameters, writeTrained } from "../trained-parameters.js";
import { type Losses, type Trainer, type TrainingState, type Validation, withWeights } from "../trainer.js";
import type { TrainerOptions } from "../training.js";
import type { SpectralSamples } from "./spectral-samples.js";
import type { SpectralSettings } from "./spectral-settings.js";
import {
  foldIntoFirstLayer,
  type Standardization,
  standardizationOf,
  unfoldFromFirstLayer,
} from "./standardization.js";
import { type SpectralValidationImage, validate } from "./validation.js";

/** The metadata `features` of weights to begin with that are for features as they are, not standardized. */
export const PLAIN = "plain";

/** Part of the steps in which the rate rises. */
const WARM_UP = 0.05;

/** What the steps need of {@link TrainerOptions}. */
export type SpectralOptions = Pick<TrainerOptions<SpectralSettings>, "settings" | "steps" | "network"> & {
  /** For validations. */
  readonly heldOut?: readonly SpectralValidationImage[];
};

/**
 * Trains the spectral network on samples by Adam: L1 loss on covariance and noise, and on the network's own
 * error. Its parameters are for standardized features; the network for use has the standardization folded
 * into its first layer.
 */
export class SpectralTrainer implements Trainer {
  private order?: { readonly epoch: number; readonly numbers: Uint32Array };

  private constructor(
    private readonly engine: Engine,
    private readonly samples: SpectralSamples,
    private readonly standardization: Standardization,
    private readonly trained: TrainedParameters,
    private readonly program: Program,
    private readonly counter: StepCounter,
    private readonly features: Tensor,
    private readonly targets: Tensor,
    private readonly loss: Tensor,
    private readonly options: SpectralOptions,
  ) {}

  /** @throws {RangeError} if there are fewer samples than a step takes. */
  static create(
    engine: Engine,
    samples: SpectralSamples,
    options: SpectralOptions,
  ): Promise<SpectralTrainer> {
    return freeOnFailure(async (own) => {
      const { settings, steps } = options;
      const { batch } = settings;
      if (samples.count < batch) {
        throw new RangeError(`A step takes ${batch} samples; there are ${samples.count}.`);
      }
      const network = new SpectralNetwork(engine);
      own(network.parameters);
      const tape = own(new Tape(engine));
      const counter = own(new StepCounter(engine));
      const features = tape.tensor([1, FEATURES, batch], "features");
      const targets = tape.tensor([1, TARGETS, batch], "targets");
      const output = network.forward(tape, features);
      const loss = lossPredictionLoss(tape, output, targets, {
        rows: COVARIANCE_ROWS,
        squaredFrom: NON_GAUSSIANITY_ROW,
        weight: ERROR_WEIGHT,
      });
      const { parameters } = network;
      tape.backward([{ loss, weight: 1 }], [parameters.whole]);
      const rising = WARM_UP * steps;
      const rate = (step: number): number =>
        settings.rate * warmUp(step, rising) * cosineDecay((step - rising) / (steps - rising));
      const moments = adam(tape, parameters, tape.gradient(parameters.whole), counter, steps, { rate });
      advance(tape, counter);
      const program = await tape.finish();
      return new SpectralTrainer(
        engine,
        samples,
        standardizationOf(samples),
        { parameters, moments },
        program,
        counter,
        features,
        targets,
        loss,
        options,
      );
    });
  }

  get multiplyAdds(): number {
    return this.program.multiplyAdds;
  }

  restore({ step, weights, moments }: TrainingState): void {
    const isGiven = step === 0 && this.options.network.metadata.features === PLAIN;
    const standardized = isGiven ? unfoldFromFirstLayer(weights, this.standardization) : weights;
    writeTrained([this.trained], standardized, moments);
    this.counter.reset(0, step);
  }

  submit(number: number): void {
    const { seed, batch } = this.options.settings;
    const numbers = this.numbersOf(number);
    const random = new RandomStream(seed, RANDOM_STREAMS.spectralOrder, number);
    const features = new Float32Array(this.features.size);
    const targets = new Float32Array(this.targets.size);
    numbers.forEach((sampleNumber, column) => {
      const sample = this.samples.get(sampleNumber);
      const symmetry = SYMMETRIES[Math.floor(SYMMETRIES.length * random.uniform())] as Symmetry;
      writeFeatures(sample.spectrum, symmetry, features, column, batch);
      const covariance = symmetry.turn(sample.truth.covariance);
      targetsOf({ ...sample.truth, covariance }).forEach((target, row) => {
        targets[row * batch + column] = target;
      });
    });
    const { mean, deviation } = this.standardization;
    for (let i = 0; i < features.length; i++) {
      const row = Math.floor(i / batch);
      features[i] = (features[i] - mean[row]) / deviation[row];
    }
    this.engine.write(this.features, features);
    this.engine.write(this.targets, targets);
    this.program.run();
  }

  /** The numbers of a step's samples; each epoch has another order. */
  private numbersOf(step: number): Uint32Array {
    const { seed, batch } = this.options.settings;
    const stepsPerEpoch = Math.floor(this.samples.count / batch);
    const epoch = Math.floor(step / stepsPerEpoch);
    if (this.order?.epoch !== epoch)
      this.order = { epoch, numbers: shuffled(this.samples.count, seed, epoch) };
    const first = (step % stepsPerEpoch) * batch;
    return this.order.numbers.subarray(first, first + batch);
  }

  /** The loss of the last step for an image. */
  async losses(): Promise<Losses[]> {
    const [sum = Number.NaN] = await this.engine.read(this.loss);
    return [{ loss: sum / this.options.settings.batch }];
  }

  read(): Promise<Omit<TrainingState, "step">> {
    return readTrained(this.engine, [this.trained]);
  }

  network(weights: TrainingState["weights"]): WeightFile {
    return withWeights(this.options.network, foldIntoFirstLayer(weights, this.standardization));
  }

  validate(network: WeightFile, { signal }: { readonly signal: AbortSignal }): Promise<Validation> {
    return validate(this.engine, network, this.options.heldOut ?? [], signal);
  }

  dispose(): void {
    this.program.dispose();
    this.counter.dispose();
    this.trained.parameters.dispose();
  }
}

/** Weights for standardized features: normal with variance 2 / inputs (He et al. 2015), biases zero. */
export function initialSpectralWeights(seed: number): Map<string, Float32Array> {
  return new Map(
    NETWORK_SHAPES.map(({ name, shape }, index) => {
      const random = new RandomStream(seed, RANDOM_STREAMS.spectralWeights, index);
      const deviation = name.endsWith("bias") ? 0 : Math.sqrt(2 / (shape[1] as number));
      return [name, Float32Array.from({ length: sizeOf(shape) }, () => deviation * random.normal())];
    }),
  );
}

/** The numbers of the samples in the order of an epoch. */
function shuffled(count: number, seed: number, epoch: number): Uint32Array {
  const random = new RandomStream(seed, RANDOM_STREAMS.spectralOrder, 0xffffffff - epoch);
  const numbers = Uint32Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor((last + 1) * random.uniform());
    [numbers[last], numbers[other]] = [numbers[other] as number, numbers[last] as number];
  }
  return numbers;
}
