import type { ParameterShape } from "../engine/optimizers/parameters.js";
import { WeightsError } from "../weights/errors.js";
import type { WeightFile, WeightTensor } from "../weights/weight-file.js";
import type { Moments, TrainingState } from "./trainer.js";

/** Adam's moments of a parameter: this before its name. */
const MOMENTS = { first: "adam.first.", second: "adam.second." } as const;

/** The trained values of a tensor, where the network for use holds others: this before its name. */
const TRAINED = "trained.";

const PREFIXES = [...Object.values(MOMENTS), TRAINED];

/** A checkpoint, taken apart. */
export interface Checkpoint {
  /** The network alone, as it was when the checkpoint was written. */
  readonly network: WeightFile;
  readonly state: TrainingState;
}

/** The state before the first step of a training from this network. */
export function initialState(network: WeightFile, trained: readonly ParameterShape[]): TrainingState {
  const zeros = new Map(
    trained.map(({ name }) => [name, new Float32Array(network.tensors.get(name)?.data.length ?? 0)]),
  );
  const weights = new Map([...network.tensors].map(([name, { data }]) => [name, data]));
  return { step: 0, weights, moments: { first: zeros, second: zeros } };
}

/**
 * A training's state as a weights file: the network, which can be used as it is, and beside it what the
 * training needs to go on. The metadata is the network's, and the step.
 * @param network made from the state's weights.
 */
export function encodeCheckpoint(state: TrainingState, network: WeightFile): WeightFile {
  const tensors = new Map(network.tensors);
  const set = (prefix: string, name: string, data: Float32Array): void => {
    tensors.set(prefix + name, { shape: network.tensors.get(name)?.shape ?? [data.length], data });
  };
  for (const [name, data] of state.weights) {
    if (network.tensors.get(name)?.data !== data) set(TRAINED, name, data);
  }
  for (const which of ["first", "second"] as const) {
    for (const [name, data] of state.moments[which]) set(MOMENTS[which], name, data);
  }
  return { tensors, metadata: { ...network.metadata, step: String(state.step) } };
}

/**
 * Takes a checkpoint apart.
 * @param trainedShapes names and shapes of the trained parameters; throws a {@link WeightsError} for another
 * network.
 * @throws {WeightsError} if it is a weights file without a training state, or another network's.
 */
export function decodeCheckpoint(
  file: WeightFile,
  trainedShapes: (network: WeightFile) => readonly ParameterShape[],
): Checkpoint {
  const { step: text = "", ...metadata } = file.metadata;
  const step = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(step)) {
    throw new WeightsError("The file names no training step: it is not a training checkpoint.");
  }
  const own = [...file.tensors].filter(([name]) => !PREFIXES.some((prefix) => name.startsWith(prefix)));
  const network = { tensors: new Map(own), metadata };
  const trained = trainedShapes(network);
  const weights = own.map(
    ([name, { data }]) => [name, file.tensors.get(TRAINED + name)?.data ?? data] as const,
  );
  const moments: Moments = {
    first: momentsOf(file.tensors, trained, MOMENTS.first),
    second: momentsOf(file.tensors, trained, MOMENTS.second),
  };
  return { network, state: { step, weights: new Map(weights), moments } };
}

function momentsOf(
  tensors: ReadonlyMap<string, WeightTensor>,
  trained: readonly ParameterShape[],
  prefix: string,
): Map<string, Float32Array> {
  return new Map(
    trained.map(({ name, shape }) => {
      const tensor = tensors.get(prefix + name);
      if (tensor?.shape.join() !== shape.join()) {
        throw new WeightsError(
          `The file has no Adam state (${prefix}${name}): it is not a training checkpoint.`,
        );
      }
      return [name, tensor.data];
    }),
  );
}
