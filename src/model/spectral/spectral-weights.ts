import { WeightsError } from "../../weights/errors.js";
import { requireTensors } from "../../weights/layouts/require-tensors.js";
import type { WeightFile } from "../../weights/weight-file.js";
import { NETWORK_SHAPES } from "./network-shapes.js";
import { WHOLE_WIDTHS, WIDE_SHAPES, wholeShapes } from "./whole-reading.js";

const FORMAT = "spectral";

/** The weights of a spectral network and its scale. */
export interface SpectralWeights {
  readonly scale: 2 | 4;
  /** Those of the second network, too, where the file has one, and those of its layers for wide blur. */
  readonly values: ReadonlyMap<string, Float32Array>;
}

/**
 * Picks the spectral network out of a weights file.
 * @throws {WeightsError} if the file is of another network, or does not name its scale.
 */
export function spectralWeights(file: WeightFile): SpectralWeights {
  const { tensors } = file;
  const widths = WHOLE_WIDTHS.map((usual, i) => tensors.get(`whole${i + 1}.weight`)?.shape[0] ?? usual);
  const parts = [WIDE_SHAPES, wholeShapes(widths)].filter(([{ name }]) => tensors.has(name));
  const shapes = [...NETWORK_SHAPES, ...parts.flat()];
  requireTensors(file, new Map(shapes.map(({ name, shape }) => [name, shape])), "the spectral estimator");
  const values = new Map(shapes.map(({ name }) => [name, tensors.get(name)?.data as Float32Array]));
  const scale = Number(file.metadata.scale);
  if (scale !== 2 && scale !== 4) {
    throw new WeightsError(
      "The weights file is for neither ×2 nor ×4; give the weights of the spectral estimator.",
    );
  }
  return { scale, values };
}

/** The file of a spectral network. */
export function encodeSpectralWeights(
  { scale, values }: SpectralWeights,
  metadata: Readonly<Record<string, string>>,
): WeightFile {
  return {
    tensors: new Map(
      NETWORK_SHAPES.map(({ name, shape }) => [name, { shape, data: values.get(name) as Float32Array }]),
    ),
    metadata: { ...metadata, format: FORMAT, scale: String(scale) },
  };
}
