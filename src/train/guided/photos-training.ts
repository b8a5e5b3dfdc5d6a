import { guidedConfigOf, guidedShapes } from "../../model/guided/layout.js";
import type { Training } from "../training.js";
import { extendedNetwork, initialPhotosNetwork } from "./initial-photos.js";
import { PHOTOS_DEFAULTS, type PhotosSettings } from "./photos-settings.js";
import { PhotosTrainer } from "./photos-trainer.js";
import type { SampleData } from "./sample-source.js";

/** Trains the network for photos on samples that were made before. */
export const PHOTOS_TRAINING: Training<PhotosSettings, SampleData> = {
  name: "photos",
  weightsOption: "upscaler-weights",
  curves: {
    title: "Logarithmic loss of a batch",
    losses: { loss: "loss" },
    validation: { score: "psnr", title: "Samples held out", name: "Y-PSNR", unit: "dB" },
  },
  defaults: () => PHOTOS_DEFAULTS,
  fixesSteps: () => true,
  cropSize: ({ patch, latePatch }) => Math.max(patch, latePatch),
  initialize: ({ seed, ...config }, given) =>
    given ? extendedNetwork(seed, config, given) : initialPhotosNetwork(seed, config),
  trainedShapes: (network) =>
    [...guidedShapes(guidedConfigOf(network))].map(([name, shape]) => ({ name, shape })),
  create: PhotosTrainer.create,
};
