import { spectralWeights } from "../../../model/spectral/spectral-weights.js";
import { InputError } from "../read-input.js";
import { ownWeights, type ReadWeights, readWeights } from "./weights-files.js";

/**
 * Reads the weights of the spectral estimator for a scale: the file that was asked for, else the package's own.
 * @throws {InputError} if the file cannot be read, is of another network or for another scale.
 */
export async function readSpectralWeights(scale: 2 | 4, asked?: string): Promise<ReadWeights> {
  const weights = await readWeights(asked ?? ownWeights(`spectral-x${scale}.safetensors`), spectralWeights);
  const { scale: own } = spectralWeights(weights.file);
  if (own === scale) return weights;
  throw new InputError(
    `${weights.path} is for ×${own}, not ×${scale}: give --scale ${own}, or other weights.`,
  );
}
