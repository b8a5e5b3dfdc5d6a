import type { Engine } from "../../engine/engine.js";
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
import { NETWORK_SHAPES, SpectralNetwork } from "../../model/spectral/spectral-network.js";
import { SYMMETRIES, type Symmetry } from "../../model/spectral/symmetries.js";
import {
  COVARIANCE_ROWS,
  ERROR_WEIGHT,
  NON_GAUSSIANITY_ROW,
  TARGETS,
  targetsOf,
} from "../../model/spectral/targets.js";
import type { SpectralSamples } from "./spectral-samples.js";
import { foldIntoFirstLayer, type Standardization, standardizationOf } from "./standardization.js";

/** Images of a step. */
const BATCH = 64;

/** Part of the steps in which the rate rises; it then falls as a cosine does. */
const WARM_UP = 0.05;

/** Options of {@link SpectralFit}. */
export interface SpectralFitOptions {
  readonly epochs: number;
  /** Of Adam, at its highest. */
  readonly rate: number;
  readonly seed: number;
}

/** Fits the spectral network to samples by Adam: L1 loss on covariance and noise, and on the network's own error. */
export class SpectralFit {
  private constructor(
    private readonly engine: Engine,
    private readonly samples: SpectralSamples,
    private readonly standardization: Standardization,
    private readonly network: SpectralNetwork,
    private readonly program: Program,
    private readonly counter: StepCounter,
    private readonly features: Tensor,
    private readonly targets: Tensor,
    private readonly loss: Tensor,
    private readonly options: SpectralFitOptions,
  ) {}

  /** @throws {RangeError} if there are fewer samples than a step takes. */
  static async create(
    engine: Engine,
    samples: SpectralSamples,
    options: SpectralFitOptions,
  ): Promise<SpectralFit> {
    if (samples.count < BATCH)
      throw new RangeError(`A fit takes at least ${BATCH} samples; got ${samples.count}.`);
    const network = new SpectralNetwork(engine, initialWeights(options.seed));
    const tape = new Tape(engine);
    const counter = new StepCounter(engine);
    const features = tape.tensor([1, FEATURES, BATCH], "features");
    const targets = tape.tensor([1, TARGETS, BATCH], "targets");
    const output = network.forward(tape, features);
    const loss = lossPredictionLoss(tape, output, targets, {
      rows: COVARIANCE_ROWS,
      squaredFrom: NON_GAUSSIANITY_ROW,
      weight: ERROR_WEIGHT,
    });
    const { whole } = network.parameters;
    tape.backward([{ loss, weight: 1 }], [whole]);
    const steps = options.epochs * Math.floor(samples.count / BATCH);
    const rate = (step: number): number => {
      const part = step / steps;
      return part < WARM_UP
        ? (options.rate * part) / WARM_UP
        : (options.rate * (1 + Math.cos((Math.PI * (part - WARM_UP)) / (1 - WARM_UP)))) / 2;
    };
    adam(tape, network.parameters, tape.gradient(whole), counter, steps, { rate });
    advance(tape, counter);
    const program = await tape.finish();
    return new SpectralFit(
      engine,
      samples,
      standardizationOf(samples),
      network,
      program,
      counter,
      features,
      targets,
      loss,
      options,
    );
  }

  get stepsPerEpoch(): number {
    return Math.floor(this.samples.count / BATCH);
  }

  /** Submits a step; which one it is says what it learns from. */
  step(number: number): void {
    const epoch = Math.floor(number / this.stepsPerEpoch);
    const place = (number % this.stepsPerEpoch) * BATCH;
    if (place === 0 || !this.order) this.order = order(this.samples.count, this.options.seed, epoch);
    const random = new RandomStream(this.options.seed, RANDOM_STREAMS.spectralOrder, number);
    const features = new Float32Array(this.features.size);
    const targets = new Float32Array(this.targets.size);
    for (let column = 0; column < BATCH; column++) {
      const sample = this.samples.get(this.order[place + column] as number);
      const symmetry = SYMMETRIES[Math.floor(SYMMETRIES.length * random.uniform())] as Symmetry;
      writeFeatures(sample.spectrum, symmetry, features, column, BATCH);
      const covariance = symmetry.turn(sample.truth.covariance);
      targetsOf({ ...sample.truth, covariance }).forEach((target, row) => {
        targets[row * BATCH + column] = target;
      });
    }
    const { mean, deviation } = this.standardization;
    for (let i = 0; i < features.length; i++) {
      const row = Math.floor(i / BATCH);
      features[i] = (features[i] - mean[row]) / deviation[row];
    }
    this.engine.write(this.features, features);
    this.engine.write(this.targets, targets);
    this.program.run();
  }

  private order?: Uint32Array;

  /** The loss of the last step for an image. */
  async readLoss(): Promise<number> {
    return ((await this.engine.read(this.loss))[0] as number) / BATCH;
  }

  /** The weights as they are now, for features as they are measured. */
  async weights(): Promise<Map<string, Float32Array>> {
    return foldIntoFirstLayer(await this.network.parameters.read(), this.standardization);
  }

  dispose(): void {
    this.program.dispose();
    this.engine.free(this.counter.tensor);
    this.engine.free(this.network.parameters.whole);
  }
}

/** Normal with variance 2 / inputs (He et al. 2015), biases zero. */
function initialWeights(seed: number): Map<string, Float32Array> {
  return new Map(
    NETWORK_SHAPES.map(({ name, shape }, stream) => {
      const random = new RandomStream(seed, RANDOM_STREAMS.spectralWeights, stream);
      const deviation = name.endsWith("bias") ? 0 : Math.sqrt(2 / (shape[1] as number));
      return [name, Float32Array.from({ length: sizeOf(shape) }, () => deviation * random.normal())];
    }),
  );
}

/** The samples' numbers, shuffled. */
function order(count: number, seed: number, epoch: number): Uint32Array {
  const random = new RandomStream(seed, RANDOM_STREAMS.spectralOrder, 0xffffffff - epoch);
  const numbers = Uint32Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor((last + 1) * random.uniform());
    [numbers[last], numbers[other]] = [numbers[other] as number, numbers[last] as number];
  }
  return numbers;
}
