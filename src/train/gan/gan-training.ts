import { INNER_LOOP_KEY, type InnerLoopName, innerLoopOf } from "../../estimate/metakernelgan/inner-loop.js";
import { discriminatorInitialization } from "../../model/gan/discriminator-initialization.js";
import { ganWeights, untrainedGanWeights } from "../../model/gan/gan-weights.js";
import { generatorInitialization } from "../../model/gan/generator-initialization.js";
import {
  DISCRIMINATOR_PARAMETERS,
  GAN_TENSORS,
  GENERATOR_PARAMETERS,
} from "../../weights/layouts/gan-layout.js";
import type { WeightFile } from "../../weights/weight-file.js";
import { SHARP_SIZE } from "../blur/blur-task.js";
import { type GanSettings, ganDefaults } from "../outer-step/gan-settings.js";
import type { Training } from "../training.js";
import { CROP_SIZE } from "../training-image.js";
import { GanTrainer } from "./gan-trainer.js";

/** Trains the initialization of MetaKernelGAN's and DSKernelGAN's estimates. */
export const GAN_TRAINING: Training<GanSettings> = {
  name: "gan",
  weightsOption: "init",
  curves: {
    losses: {
      kernelPixels: "kernel, L1",
      adversarial: "adversarial",
      sumToOne: "sum to one",
      discriminator: "discriminator",
      width: "width of the blur, px⁴",
      lean: "lean of the blur, px⁴",
    },
    title: "Losses of the last evaluation",
    validation: {
      score: "kernelPsnr",
      title: "Kernels estimated from images held out",
      name: "kernel PSNR",
      unit: "dB",
    },
  },
  defaults: ({ outerStep }) => ganDefaults(outerStep),
  // Its rate falls like half a cosine; the others' is constant.
  fixesSteps: ({ outerStep }) => outerStep === "blur",
  cropSize: ({ outerStep }) => (outerStep === "blur" ? SHARP_SIZE : CROP_SIZE),
  initialize,
  trainedShapes: (network) => {
    ganWeights(network);
    return [...GENERATOR_PARAMETERS, ...DISCRIMINATOR_PARAMETERS];
  },
  create: GanTrainer.create,
};

function initialize({ outerStep, seed, generator }: GanSettings, given?: WeightFile): WeightFile {
  const weights = new Map(given ? ganWeights(given) : untrainedGanWeights(seed));
  const take = (part: ReadonlyMap<string, Float32Array>): void => {
    for (const [name, values] of part) weights.set(name, values);
  };
  if (outerStep === "blur" && !given) take(discriminatorInitialization(seed));
  if (generator === "gaussians") take(generatorInitialization());
  const tensors = GAN_TENSORS.map(
    ({ name, shape }) => [name, { shape, data: weights.get(name) as Float32Array }] as const,
  );
  return {
    tensors: new Map(tensors),
    metadata: {
      format: "metakernelgan",
      method: outerStep,
      [INNER_LOOP_KEY]: innerLoopFor(outerStep, given),
    },
  };
}

/**
 * The loop that adaptations from the initialization will have: the steady one after blur, else that of the
 * given file.
 */
function innerLoopFor(outerStep: GanSettings["outerStep"], given?: WeightFile): string {
  if (outerStep === "blur") return "steady" satisfies InnerLoopName;
  const metadata = given?.metadata ?? {};
  // Throws if it is not known.
  innerLoopOf(metadata);
  return metadata[INNER_LOOP_KEY] ?? ("paper" satisfies InnerLoopName);
}
