import { ganWeights } from "../../model/gan/gan-weights.js";
import { WeightsError } from "../../weights/errors.js";
import {
  DISCRIMINATOR_PARAMETERS,
  GAN_TENSORS,
  GENERATOR_PARAMETERS,
} from "../../weights/layouts/gan-layout.js";
import type { WeightFile, WeightTensor } from "../../weights/weight-file.js";
import type { MetaTrainingState } from "./meta-training.js";

const MOMENTS = { first: "adam.first.", second: "adam.second." } as const;
const TRAINED = [...GENERATOR_PARAMETERS, ...DISCRIMINATOR_PARAMETERS];

/**
 * The start of a training state as a weights file for the estimator.
 * @param metadata how it was trained; the step is added.
 */
export function encodeInitialization(
  { step, weights }: Pick<MetaTrainingState, "step" | "weights">,
  metadata: Readonly<Record<string, string>>,
): WeightFile {
  const tensors = GAN_TENSORS.map(({ name, shape }): [string, WeightTensor] => [
    name,
    { shape, data: weights.get(name) as Float32Array },
  ]);
  return {
    tensors: new Map(tensors),
    metadata: { ...metadata, format: "metakernelgan", step: String(step) },
  };
}

/**
 * A training state as a weights file: its start, with Adam's moments beside, so that training can go on from it.
 * @param metadata how it was trained; the step is added.
 */
export function encodeCheckpoint(
  state: MetaTrainingState,
  metadata: Readonly<Record<string, string>>,
): WeightFile {
  const start = encodeInitialization(state, metadata);
  const moments = (["first", "second"] as const).flatMap((which) =>
    TRAINED.map(({ name, shape }): [string, WeightTensor] => [
      MOMENTS[which] + name,
      { shape, data: state.moments[which].get(name) as Float32Array },
    ]),
  );
  return { ...start, tensors: new Map([...start.tensors, ...moments]) };
}

/**
 * The training state of a checkpoint.
 * @throws {WeightsError} if it is a weights file without a training state.
 */
export function decodeCheckpoint(file: WeightFile): MetaTrainingState {
  const step = /^\d+$/.test(file.metadata.step ?? "") ? Number(file.metadata.step) : Number.NaN;
  const moments = (which: keyof typeof MOMENTS): Map<string, Float32Array> =>
    new Map(
      TRAINED.map(({ name, shape }) => {
        const tensor = file.tensors.get(MOMENTS[which] + name);
        if (tensor?.shape.join() !== shape.join()) {
          throw new WeightsError(
            `The file has no Adam state (${MOMENTS[which]}${name}): it is no training checkpoint.`,
          );
        }
        return [name, tensor.data];
      }),
    );
  if (!Number.isSafeInteger(step)) {
    throw new WeightsError("The file does not say its training step: it is no training checkpoint.");
  }
  return { step, weights: ganWeights(file), moments: { first: moments("first"), second: moments("second") } };
}
