import { NETWORK_SHAPES } from "../../model/spectral/network-shapes.js";
import { encodeSpectralWeights, spectralWeights } from "../../model/spectral/spectral-weights.js";
import type { Training } from "../training.js";
import { CROP_SIZE } from "../training-image.js";
import { measureSamples } from "./spectral-sampling.js";
import { SPECTRAL_DEFAULTS, type SpectralSettings } from "./spectral-settings.js";
import { initialSpectralWeights, SpectralTrainer } from "./spectral-trainer.js";

/** Trains the network of the spectral estimator. */
export const SPECTRAL_TRAINING: Training<SpectralSettings> = {
  name: "spectral",
  curves: {
    title: "Loss of an image, its predicted error included",
    losses: { loss: "loss" },
  },
  defaults: () => SPECTRAL_DEFAULTS,
  fixesSteps: () => true,
  cropSize: () => CROP_SIZE,
  // For standardized features, which are not known before the samples: the training begins there, and nothing
  // uses it.
  initialize: ({ seed, scale }) => encodeSpectralWeights({ scale, values: initialSpectralWeights(seed) }, {}),
  trainedShapes: (network) => {
    spectralWeights(network);
    return NETWORK_SHAPES;
  },
  create: async (engine, options) =>
    SpectralTrainer.create(engine, await measureSamples(engine, options), options),
};
