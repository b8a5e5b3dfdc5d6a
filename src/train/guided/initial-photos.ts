import { RandomStream } from "../../engine/random.js";
import { RANDOM_STREAMS } from "../../engine/random-streams.js";
import { sizeOf } from "../../engine/tensors/tensor.js";
import {
  blockCount,
  FILM_KINDS,
  GUIDED_FORMAT,
  type GuidedConfig,
  guidedConfigOf,
  guidedShapes,
} from "../../model/guided/layout.js";
import { WeightsError } from "../../weights/errors.js";
import type { WeightFile, WeightTensor } from "../../weights/weight-file.js";

/** Parts of the usual size with which the layers begin that are to change little at first. */
const QUIET: Readonly<Record<string, { readonly weight: number; readonly bias: number }>> = {
  second: { weight: 0.2, bias: 1 },
  tail: { weight: 0.1, bias: 0 },
  conditions_out: { weight: 0.1, bias: 0 },
};

/** Random weights, as PyTorch draws them, of a network that changes little at first. */
export function initialPhotosNetwork(seed: number, config: GuidedConfig): WeightFile {
  const shapes = [...guidedShapes(config)];
  let inputs = 1;
  const tensors = shapes.map(([name, shape], index): [string, WeightTensor] => {
    const random = new RandomStream(seed, RANDOM_STREAMS.photosWeights, index);
    const part = name.endsWith(".bias") ? "bias" : "weight";
    // A bias follows its weights, and is drawn as those are.
    if (part === "weight") inputs = sizeOf(shape.slice(1));
    const size = (QUIET[name.split(".")[0] as string]?.[part] ?? 1) / Math.sqrt(inputs);
    return [
      name,
      { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => random.uniformIn(-size, size)) },
    ];
  });
  return { tensors: new Map(tensors), metadata: metadataOf(config) };
}

/**
 * A network that begins as that of a file does. If it has further blocks after those in the file, they add nothing at first, and
 * their stages' data steps are those of an untrained network.
 * @throws {WeightsError} if the file's network is not the beginning of such a one.
 */
export function extendedNetwork(seed: number, config: GuidedConfig, given: WeightFile): WeightFile {
  const saved = guidedConfigOf(given);
  const begins = saved.blocks.every((count, stage) => count === config.blocks[stage]);
  if (saved.scale !== config.scale || saved.channels !== config.channels || !begins) {
    throw new WeightsError(
      `The weights are of a network for ×${saved.scale} with ${saved.channels} channels and blocks ${saved.blocks}, with which one for ×${config.scale} with ${config.channels} channels and blocks ${config.blocks} does not begin: give --scale, --channels and --blocks that do.`,
    );
  }
  const { tensors, metadata } = initialPhotosNetwork(seed, config);
  const films = (of: GuidedConfig): number => FILM_KINDS * of.channels * blockCount(of);
  const extended = [...tensors].map(([name, { shape, data }]): [string, WeightTensor] => {
    const old = given.tensors.get(name)?.data;
    if (name.startsWith("conditions_out.") && old) {
      const row = data.length / (shape[0] as number);
      data.fill(0);
      data.set(old.subarray(0, row * films(saved)));
      data.set(old.subarray(row * films(saved)), row * films(config));
    } else if (old) data.set(old);
    else if (/^(second|tail)\./.test(name)) data.fill(0);
    return [name, { shape, data }];
  });
  return { tensors: new Map(extended), metadata };
}

function metadataOf({ scale, channels, blocks }: GuidedConfig): Record<string, string> {
  return {
    format: GUIDED_FORMAT,
    scale: String(scale),
    channels: String(channels),
    blocks: blocks.join(","),
  };
}
