import type { AdamState } from "../engine/optimizers/adam.js";
import type { WeightFile } from "../weights/weight-file.js";

/** The losses of one evaluation, by name. */
export type Losses = Readonly<Record<string, number>>;

/** Adam's running moments, by the names of the parameters. */
export type Moments = Readonly<Record<keyof AdamState, ReadonlyMap<string, Float32Array>>>;

/** Everything that a training has learned so far; with its settings, all that it needs to go on. */
export interface TrainingState {
  /** Steps taken. */
  readonly step: number;
  /** The trained parameters, and tensors of the network that change or stay without being trained. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Of the trained parameters. */
  readonly moments: Moments;
}

/** Figures of a validation, by name. One of them is the score, which is highest for the best network. */
export type Validation = Readonly<Record<string, number>>;

/**
 * A training on a device, step by step. What a step learns from depends on the settings and the step's number
 * alone, so that a resumed run continues with bit-identical results.
 */
export interface Trainer {
  /** Multiply-adds of one step. */
  readonly multiplyAdds: number;
  /** Continues from a state. */
  restore(state: TrainingState): void;
  /**
   * Makes the samples of a step and submits it, without waiting for the device.
   * @param number from 0.
   */
  submit(number: number): void;
  /** Reads back the losses of the last step: one record for each of its evaluations. */
  losses(): Promise<readonly Losses[]>;
  /** Reads back what was learned by the steps submitted so far. */
  read(): Promise<Omit<TrainingState, "step">>;
  /** The network with these weights as a file that estimators or upscalers read. */
  network(weights: TrainingState["weights"]): WeightFile;
  /**
   * Measures how good a network is on the images held out; undefined where the training has no validation.
   * @param steps of an estimate.
   */
  validate?(
    network: WeightFile,
    options: { readonly steps: number; readonly signal: AbortSignal },
  ): Promise<Validation>;
  /** Frees the memory on the device. */
  dispose(): void;
}

/** A network's file with other values in its tensors; those without new values stay. */
export function withWeights(network: WeightFile, weights: TrainingState["weights"]): WeightFile {
  const tensors = [...network.tensors].map(
    ([name, { shape, data }]) => [name, { shape, data: weights.get(name) ?? data }] as const,
  );
  return { tensors: new Map(tensors), metadata: network.metadata };
}
