import { WeightsError } from "../../weights/errors.js";
import { requireTensors } from "../../weights/layouts/require-tensors.js";
import { nameText, type WeightFile } from "../../weights/weight-file.js";
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
  // Layers for wide blur need the second network, too.
  const parts = [WIDE_SHAPES, wholeShapes(widths)];
  const first = parts.findIndex(([{ name }]) => tensors.has(name));
  const shapes = [...NETWORK_SHAPES, ...(first < 0 ? [] : parts.slice(first).flat())];
  requireTensors(file, new Map(shapes.map(({ name, shape }) => [name, shape])), "the spectral estimator");
  const values = new Map(shapes.map(({ name }) => [name, tensors.get(name)?.data as Float32Array]));
  const { scale } = file.metadata;
  if (scale !== "2" && scale !== "4") {
    throw new WeightsError(
      `The weights file names ${scale === undefined ? "no scale" : `the scale ${nameText(scale)}`} instead of 2 or 4; give weights of the spectral estimator.`,
    );
  }
  return { scale: scale === "2" ? 2 : 4, values };
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
