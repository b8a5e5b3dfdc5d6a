/** The engine, the model and the estimator, for any WebGPU: browsers, workers, and Node with a device of your own. */
export type { AdapterDescription, AdapterKind } from "./engine/adapter.js";
export { Engine, type EngineOptions } from "./engine/engine.js";
export * from "./engine/errors.js";
export {
  type BlurKernel,
  blurKernel,
  flipKernel,
  kernelRows,
  type Orientation,
} from "./model/blur-kernel.js";
export * from "./model/errors.js";
export { type RgbImage, rgbImage } from "./model/image.js";
export { importCheckpoint } from "./model/weights/import-checkpoint.js";
export { parseSafetensors, serializeSafetensors } from "./model/weights/safetensors.js";
export type { WeightFile, WeightTensor } from "./model/weights/weight-file.js";
export { type SpectralEstimate, SpectralEstimator } from "./spectrum/spectral-estimator.js";
export type { Estimate, EstimateOptions, EstimateSnapshot } from "./train/estimate.js";
export { HybridEstimator } from "./train/hybrid/hybrid-estimator.js";
export { KernelGAN } from "./train/kernelgan/kernelgan.js";
export { MetaKernelGAN } from "./train/metakernelgan.js";
export { automaticSigma, FAULTLESS, type Faults, type Uncertainty } from "./upscale/automatic-sigma.js";
export { UpscaleError } from "./upscale/errors.js";
export { FourierUpscaler } from "./upscale/fourier-upscaler.js";
export type { UpscaleFactor, UpscaleOptions, UpscalePlan, Upscaler } from "./upscale/upscaler.js";
export { UsrNet } from "./upscale/usrnet.js";
