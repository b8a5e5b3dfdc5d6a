import { WeightsError } from "../../weights/errors.js";
import { requireTensors } from "../../weights/layouts/require-tensors.js";
import { nameText, type WeightFile } from "../../weights/weight-file.js";

/** What the metadata of a file of this network say. */
export const GUIDED_FORMAT = "guided-upscaler";

/** Before the names of a file's second weights, those for photos that a camera took. */
const CAMERA_PREFIX = "camera.";

/** Numbers that the network is told of an image, see {@link Conditions}. */
const CONDITION_COUNT = 13;

/** Closed-form guesses that the network sees. */
export const GUESS_COUNT = 2;

/** Width of the hidden layer that turns conditions into scales and shifts. */
export const CONDITION_HIDDEN = 64;

/** Numbers of a channel of a block that follow from the conditions. */
export const FILM_KINDS = 3;

/** Of scale, channels, blocks and stages: far above those of any network for photos, and harmless to the memory. */
const MAX_SIZE = 512;

/** The size of a guided network. */
export interface GuidedConfig {
  readonly scale: number;
  readonly channels: number;
  /** Residual blocks of each stage; a data step ends a stage. */
  readonly blocks: readonly number[];
}

/** Residual blocks of all stages. */
export function blockCount({ blocks }: GuidedConfig): number {
  return blocks.reduce((sum, count) => sum + count, 0);
}

/** What a convolution sees of the small image and so many large pictures, as channels. */
export function planeCount(pictures: number, scale: number): number {
  return 3 + pictures * 3 * scale ** 2;
}

/** Shapes of the network's tensors, by their names. */
export function guidedShapes(config: GuidedConfig): Map<string, readonly number[]> {
  const { scale, channels, blocks } = config;
  const shapes = new Map<string, readonly number[]>();
  const convolution = (name: string, inputs: number, outputs: number): void => {
    shapes.set(`${name}.weight`, [outputs, inputs, 3, 3]);
    shapes.set(`${name}.bias`, [outputs]);
  };
  convolution("head", planeCount(GUESS_COUNT, scale), channels);
  for (let block = 0; block < blockCount(config); block++) {
    convolution(`first.${block}`, channels, channels);
    convolution(`second.${block}`, channels, channels);
  }
  blocks.forEach((_, stage) => {
    if (stage > 0) convolution(`again.${stage - 1}`, planeCount(1, scale), channels);
    convolution(`tail.${stage}`, channels, 3 * scale ** 2);
  });
  shapes.set("conditions_in.weight", [CONDITION_HIDDEN, CONDITION_COUNT]);
  shapes.set("conditions_in.bias", [CONDITION_HIDDEN]);
  const told = blockCount(config) * FILM_KINDS * channels + GUESS_COUNT + blocks.length;
  shapes.set("conditions_out.weight", [told, CONDITION_HIDDEN]);
  shapes.set("conditions_out.bias", [told]);
  return shapes;
}

/**
 * The size of the network in a file.
 * @throws {WeightsError} if it is no file of this network, or a tensor is missing or of another shape.
 */
export function guidedConfigOf(file: WeightFile): GuidedConfig {
  const { format, scale, channels, blocks } = file.metadata;
  if (format !== GUIDED_FORMAT) {
    throw new WeightsError(
      `The weights file names ${format === undefined ? "no format" : `the format ${nameText(format)}`} instead of ${GUIDED_FORMAT}; give weights of the network for photos.`,
    );
  }
  const config = {
    scale: Number(scale),
    channels: Number(channels),
    blocks: (blocks ?? "").split(",").map(Number),
  };
  const sizes = Object.values(config).flat();
  if (
    !sizes.every((value) => Number.isInteger(value) && value > 0 && value <= MAX_SIZE && !sizes[MAX_SIZE])
  ) {
    throw new WeightsError("The weights file does not say its scale, channels and blocks.");
  }
  requireTensors(file, guidedShapes(config), `a ${GUIDED_FORMAT}`);
  return config;
}

/** The weights of a file's network, by name. */
export interface GuidedWeights {
  readonly config: GuidedConfig;
  /** Those for photos that a camera took; the others where the file has no such ones. */
  readonly camera: ReadonlyMap<string, Float32Array>;
  readonly other: ReadonlyMap<string, Float32Array>;
}

/** @throws {WeightsError} as {@link guidedConfigOf}. */
export function guidedWeights(file: WeightFile): GuidedWeights {
  const config = guidedConfigOf(file);
  const shapes = [...guidedShapes(config)];
  const take = (prefix: string): Map<string, Float32Array> => {
    requireTensors(
      file,
      new Map(shapes.map(([name, shape]) => [prefix + name, shape])),
      `a ${GUIDED_FORMAT}`,
    );
    return new Map(shapes.map(([name]) => [name, file.tensors.get(prefix + name)?.data as Float32Array]));
  };
  const other = take("");
  return {
    config,
    other,
    camera: file.tensors.has(`${CAMERA_PREFIX}head.weight`) ? take(CAMERA_PREFIX) : other,
  };
}
