import { configOf } from "../../model/usrnet/usrnet-config.js";
import { WeightsError } from "../../weights/errors.js";
import { requireTensors } from "../../weights/layouts/require-tensors.js";
import { hyperShapes, priorShapes, type UsrNetConfig } from "../../weights/layouts/usrnet-layout.js";
import type { WeightFile, WeightTensor } from "../../weights/weight-file.js";
import type { UpscalerTrainingState } from "./upscaler-training.js";

const MOMENTS = ["first", "second"] as const;

/**
 * The network of a training as a weights file for the upscaler.
 * @param begin the file that the training began with: α and β do not change.
 * @param metadata how it was trained; the step is added.
 */
export function encodeUpscaler(
  { step, weights }: UpscalerTrainingState,
  begin: WeightFile,
  metadata: Readonly<Record<string, string>>,
): WeightFile {
  const tensors = [...begin.tensors].map(([name, { shape, data }]): [string, WeightTensor] => [
    name,
    { shape, data: weights.get(name) ?? data },
  ]);
  return { tensors: new Map(tensors), metadata: { ...begin.metadata, ...metadata, step: String(step) } };
}

/** The same with Adam's moments, so that training can go on from it. */
export function encodeUpscalerCheckpoint(
  state: UpscalerTrainingState,
  begin: WeightFile,
  metadata: Readonly<Record<string, string>>,
): WeightFile {
  const file = encodeUpscaler(state, begin, metadata);
  const moments = MOMENTS.flatMap((which) =>
    priorShapes(configOf(begin)).map(({ name, shape }): [string, WeightTensor] => [
      `adam.${which}.${name}`,
      { shape, data: state.moments[which].get(name) as Float32Array },
    ]),
  );
  return { ...file, tensors: new Map([...file.tensors, ...moments]) };
}

/** A checkpoint, taken apart. */
export interface UpscalerCheckpoint {
  /** The network alone. */
  readonly file: WeightFile;
  readonly state: UpscalerTrainingState;
}

/**
 * Reads a checkpoint.
 * @throws {WeightsError} if it is a weights file without a training state.
 */
export function decodeUpscalerCheckpoint(file: WeightFile): UpscalerCheckpoint {
  const config = configOf(file);
  const step = Number(file.metadata.step ?? Number.NaN);
  if (!Number.isSafeInteger(step)) {
    throw new WeightsError("The file does not say its training step: it is no training checkpoint.");
  }
  const shapes = priorShapes(config);
  const moments = MOMENTS.map((which) => {
    requireTensors(
      file,
      new Map(shapes.map(({ name, shape }) => [`adam.${which}.${name}`, shape])),
      "a training checkpoint",
    );
    return values(file, shapes, `adam.${which}.`);
  });
  const [first, second] = moments as [Map<string, Float32Array>, Map<string, Float32Array>];
  return {
    file: networkOf(file, config),
    state: { step, weights: values(file, shapes, ""), moments: { first, second } },
  };
}

function values(
  file: WeightFile,
  shapes: readonly { readonly name: string }[],
  prefix: string,
): Map<string, Float32Array> {
  return new Map(shapes.map(({ name }) => [name, file.tensors.get(prefix + name)?.data as Float32Array]));
}

function networkOf(file: WeightFile, config: UsrNetConfig): WeightFile {
  const names = [...priorShapes(config), ...hyperShapes(config)].map(({ name }) => name);
  const tensors = new Map(names.map((name) => [name, file.tensors.get(name) as WeightTensor]));
  return { tensors, metadata: file.metadata };
}
