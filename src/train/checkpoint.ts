import { WeightsError } from "../model/errors.js";
import { DISCRIMINATOR_PARAMETERS, GAN_TENSORS, GENERATOR_PARAMETERS } from "../model/gan-layout.js";
import { ganWeights } from "../model/gan-weights.js";
import type { WeightFile, WeightTensor } from "../model/weights/weight-file.js";
import type { MetaTrainingState } from "./meta-training.js";

const MOMENTS = { first: "adam.first.", second: "adam.second." } as const;
const TRAINED = [...GENERATOR_PARAMETERS, ...DISCRIMINATOR_PARAMETERS];

/**
 * A training state as a weights file: one that the estimator takes as its start, with Adam's moments beside.
 * @param metadata how it was trained; the step is added.
 */
export function encodeCheckpoint(
  state: MetaTrainingState,
  metadata: Readonly<Record<string, string>>,
): WeightFile {
  const tensors = new Map<string, WeightTensor>();
  for (const { name, shape } of GAN_TENSORS) {
    tensors.set(name, { shape, data: state.weights.get(name) as Float32Array });
  }
  for (const which of ["first", "second"] as const) {
    for (const { name, shape } of TRAINED) {
      const data = state.moments[which].get(name) as Float32Array;
      tensors.set(MOMENTS[which] + name, { shape, data });
    }
  }
  return { tensors, metadata: { ...metadata, format: "metakernelgan", step: String(state.step) } };
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
