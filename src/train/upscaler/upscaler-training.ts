import { configOf } from "../../model/usrnet/usrnet-config.js";
import { hyperShapes, priorShapes } from "../../weights/layouts/usrnet-layout.js";
import type { WeightFile, WeightTensor } from "../../weights/weight-file.js";
import type { Training } from "../training.js";
import { CROP_SIZE } from "../training-image.js";
import { initialUpscaler } from "./initial-upscaler.js";
import { UPSCALER_DEFAULTS, type UpscalerSettings } from "./upscaler-settings.js";
import { UpscalerTrainer } from "./upscaler-trainer.js";

/** Trains a small USRNet. */
export const UPSCALER_TRAINING: Training<UpscalerSettings> = {
  name: "upscaler",
  weightsOption: "upscaler-weights",
  curves: {
    title: "Mean absolute error of a batch",
    losses: { x2: "×2", x4: "×4" },
    validation: { score: "psnr", title: "Patches of images held out", name: "PSNR", unit: "dB" },
  },
  defaults: () => UPSCALER_DEFAULTS,
  fixesSteps: () => true,
  cropSize: () => CROP_SIZE,
  initialize: ({ seed }, given) => (given ? networkOf(given) : initialUpscaler(seed)),
  trainedShapes: (network) => priorShapes(configOf(network)),
  create: UpscalerTrainer.create,
};

/** The network of a file without anything else in it. */
function networkOf(file: WeightFile): WeightFile {
  const config = configOf(file);
  const names = [...priorShapes(config), ...hyperShapes(config)].map(({ name }) => name);
  return {
    tensors: new Map(names.map((name) => [name, file.tensors.get(name) as WeightTensor])),
    metadata: { format: "usrnet", firstGuess: config.firstGuess },
  };
}
