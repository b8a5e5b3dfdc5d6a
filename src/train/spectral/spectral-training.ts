import { NETWORK_SHAPES } from "../../model/spectral/network-shapes.js";
import { encodeSpectralWeights, spectralWeights } from "../../model/spectral/spectral-weights.js";
import { WeightsError } from "../../weights/errors.js";
import type { WeightFile } from "../../weights/weight-file.js";
import type { Training } from "../training.js";
import { CROP_SIZE } from "../training-image.js";
import { measureSamples } from "./spectral-sampling.js";
import { SPECTRAL_DEFAULTS, type SpectralSettings } from "./spectral-settings.js";
import { initialSpectralWeights, PLAIN, SpectralTrainer } from "./spectral-trainer.js";
import { validationImages } from "./validation.js";

/** Trains the network of the spectral estimator. */
export const SPECTRAL_TRAINING: Training<SpectralSettings> = {
  name: "spectral",
  weightsOption: "spectral-weights",
  curves: {
    title: "Loss of an image, its predicted error included",
    losses: { loss: "loss" },
    validation: { score: "kernelPsnr", title: "Kernels of images held out", name: "kernel PSNR", unit: "dB" },
  },
  defaults: () => SPECTRAL_DEFAULTS,
  fixesSteps: () => true,
  cropSize: () => CROP_SIZE,
  // The training's own weights are for standardized features, which are not known before the samples; nothing else
  // uses them.
  initialize: ({ seed, scale }, given) =>
    given
      ? beginWith(given, scale)
      : encodeSpectralWeights({ scale, values: initialSpectralWeights(seed) }, {}),
  trainedShapes: (network) => {
    spectralWeights(network);
    return NETWORK_SHAPES;
  },
  create: async (engine, options) => {
    const heldOut = await validationImages(options);
    return SpectralTrainer.create(engine, await measureSamples(engine, options), { ...options, heldOut });
  },
};

/** @throws {WeightsError} if the weights are for another scale. */
function beginWith(given: WeightFile, scale: 2 | 4): WeightFile {
  const weights = spectralWeights(given);
  if (weights.scale !== scale) {
    throw new WeightsError(
      `The weights are for ×${weights.scale}, not ×${scale}: give --scale ${weights.scale}, or other weights.`,
    );
  }
  return encodeSpectralWeights(weights, { features: PLAIN });
}
