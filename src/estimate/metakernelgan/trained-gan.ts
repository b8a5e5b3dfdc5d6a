import { type GanWeights, ganWeights, randomGanWeights } from "../../model/gan/gan-weights.js";
import { toWeightFile } from "../../weights/safetensors.js";
import type { WeightFile } from "../../weights/weight-file.js";
import type { AdaptiveMethod } from "../adaptation/estimate.js";
import { META_STEPS } from "../methods/default-steps.js";
import { innerLoopOf } from "./inner-loop.js";
import { recordMetaKernelGanStep } from "./metakernelgan-step.js";

/**
 * MetaKernelGAN's inner loop from trained weights.
 * @param weights an initialization, or "random" for weights of the seed.
 * @throws {WeightsError} if the file is damaged, of another network, or names an unknown inner loop.
 */
export function trainedGan(weights: Uint8Array | WeightFile | "random"): AdaptiveMethod {
  const file = weights === "random" ? undefined : toWeightFile(weights);
  const values = file && ganWeights(file);
  return {
    steps: META_STEPS,
    initialize: (seed): GanWeights => values ?? randomGanWeights(seed),
    recordStep: recordMetaKernelGanStep(innerLoopOf(file?.metadata ?? {})),
  };
}
