/** The engine, the model and the estimator, for any WebGPU: browsers, workers, and Node with a device of your own. */
export type { AdapterDescription, AdapterKind } from "./engine/device/adapter.js";
export { Engine, type EngineOptions } from "./engine/engine.js";
export * from "./engine/errors.js";
export type { Estimate, EstimateOptions, EstimateSnapshot } from "./estimate/adaptation/estimate.js";
export { HybridEstimator } from "./estimate/hybrid/hybrid-estimator.js";
export { KernelGAN } from "./estimate/kernelgan/kernelgan.js";
export { MetaKernelGAN } from "./estimate/metakernelgan/metakernelgan.js";
export { type SpectralEstimate, SpectralEstimator } from "./estimate/spectral/spectral-estimator.js";
export * from "./image/errors.js";
export { type RgbImage, rgbImage } from "./image/rgb-image.js";
export {
  type BlurKernel,
  blurKernel,
  flipKernel,
  kernelRows,
  type Orientation,
} from "./kernel/blur-kernel.js";
export * from "./kernel/errors.js";
export { UpscaleError } from "./upscale/errors.js";
export { FourierUpscaler } from "./upscale/fourier-upscaler.js";
export {
  automaticSigma,
  CERTAIN,
  type KernelUncertainty,
  type Uncertainty,
} from "./upscale/sigma/automatic-sigma.js";
export type { UpscaleFactor, UpscaleOptions, UpscalePlan, Upscaler } from "./upscale/upscaler.js";
export { UsrNet } from "./upscale/usrnet.js";
export * from "./weights/errors.js";
export { importCheckpoint } from "./weights/import-checkpoint.js";
export { parseSafetensors, serializeSafetensors } from "./weights/safetensors.js";
export type { WeightFile, WeightTensor } from "./weights/weight-file.js";
