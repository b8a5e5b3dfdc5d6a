import { WeightsError } from "../../weights/errors.js";
import { requireTensors } from "../../weights/layouts/require-tensors.js";
import { nameText, type WeightFile } from "../../weights/weight-file.js";
import { NETWORK_SHAPES } from "./spectral-network.js";

const FORMAT = "spectral";

/** The weights of a spectral network and its scale. */
export interface SpectralWeights {
  readonly scale: 2 | 4;
  readonly values: ReadonlyMap<string, Float32Array>;
}

/**
 * Picks the spectral network out of a weights file.
 * @throws {WeightsError} if the file is of another network, or does not name its scale.
 */
export function spectralWeights(file: WeightFile): SpectralWeights {
  const layout = new Map(NETWORK_SHAPES.map(({ name, shape }) => [name, shape]));
  requireTensors(file, layout, "the spectral estimator");
  const { scale } = file.metadata;
  if (scale !== "2" && scale !== "4") {
    throw new WeightsError(
      `The weights file names ${scale === undefined ? "no scale" : `the scale ${nameText(scale)}`} instead of 2 or 4; give weights of the spectral estimator.`,
    );
  }
  const values = new Map(
    NETWORK_SHAPES.map(({ name }) => [name, file.tensors.get(name)?.data as Float32Array]),
  );
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
