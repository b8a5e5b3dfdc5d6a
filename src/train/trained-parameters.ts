import type { Engine } from "../engine/device/engine.js";
import type { AdamState } from "../engine/optimizers/adam.js";
import type { Parameters } from "../engine/optimizers/parameters.js";
import type { Moments, TrainingState } from "./trainer.js";

/** Parameters that Adam trains, with its moments. */
export interface TrainedParameters {
  readonly parameters: Parameters;
  readonly moments: AdamState;
}

/** Uploads weights, and Adam's moments: zeros unless given. */
export function writeTrained(
  trained: readonly TrainedParameters[],
  weights: TrainingState["weights"],
  moments?: Moments,
): void {
  for (const { parameters, moments: tensors } of trained) {
    parameters.write(weights);
    parameters.write(moments?.first, tensors.first);
    parameters.write(moments?.second, tensors.second);
  }
}

/** Reads weights and moments back. */
export async function readTrained(
  engine: Engine,
  trained: readonly TrainedParameters[],
): Promise<Omit<TrainingState, "step">> {
  const weights = await merged(trained.map(({ parameters }) => parameters.read()));
  const read = (which: keyof AdamState): Promise<Map<string, Float32Array>> =>
    merged(
      trained.map(async ({ parameters, moments }) => parameters.split(await engine.read(moments[which]))),
    );
  return { weights, moments: { first: await read("first"), second: await read("second") } };
}

async function merged(
  parts: readonly Promise<ReadonlyMap<string, Float32Array>>[],
): Promise<Map<string, Float32Array>> {
  return new Map((await Promise.all(parts)).flatMap((part) => [...part]));
}
