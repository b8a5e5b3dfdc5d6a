/** The library for browsers, workers, and Node with a device of your own: from a photo to its kernel and a sharper picture. */
export { type CreateUpscalerOptions, createUpscaler } from "./embed/create-upscaler.js";
export type { DownloadProgress, ModelLoader, WeightsOptions } from "./embed/load-tools.js";
export type { ModelName } from "./embed/packaged-models.js";
export type { PictureElement, PictureSource } from "./embed/picture-source.js";
export type { KernelOptions, PictureOptions, PictureUpscaler } from "./embed/picture-upscaler.js";
export type { PictureParts, UpscaledPicture } from "./embed/upscaled-picture.js";
export type { AdapterDescription, AdapterKind } from "./engine/device/adapter.js";
export { deviceRequest, Engine, type EngineOptions, type TensorData } from "./engine/device/engine.js";
export * from "./engine/errors.js";
export { AdaptiveEstimator, isAdaptive } from "./estimate/adaptation/adaptive-estimator.js";
export type { AdaptationOptions, AdaptiveEstimate, Corner } from "./estimate/adaptation/estimate.js";
export * from "./estimate/errors.js";
export type {
  EstimateOptions,
  EstimateSnapshot,
  KernelEstimate,
  KernelEstimator,
  KernelProgress,
  LossPair,
} from "./estimate/kernel-estimator.js";
export { KernelGAN } from "./estimate/kernelgan/kernelgan.js";
export { DSKernelGAN } from "./estimate/metakernelgan/dskernelgan.js";
export { MetaKernelGAN } from "./estimate/metakernelgan/metakernelgan.js";
export { METHOD_NAMES, METHODS, type Method, type MethodName } from "./estimate/methods/methods.js";
export { type SpectralEstimate, SpectralEstimator } from "./estimate/spectral/spectral-estimator.js";
export type { CanvasLike } from "./image/draw-image.js";
export * from "./image/errors.js";
export { alphaOf, fromImageData, type PixelData, type Rows, toImageData } from "./image/image-data.js";
export type { Offset } from "./image/resize/bicubic.js";
export { type RgbImage, rgbImage } from "./image/rgb-image.js";
export {
  type BlurKernel,
  blurKernel,
  flipKernel,
  kernelRows,
  type Orientation,
} from "./kernel/blur-kernel.js";
export * from "./kernel/errors.js";
export {
  type DecodeKernelOptions,
  decodeKernel,
  encodeKernel,
  KERNEL_FORMATS,
  type KernelFormat,
} from "./kernel/formats/kernel-format.js";
export { CERTAIN, type KernelUncertainty, type PhotoUncertainty } from "./kernel/kernel-uncertainty.js";
export type { Covariance } from "./kernel/metrics/kernel-metrics.js";
export type { SpectralReading } from "./model/spectral/targets.js";
export type { PhotoKind } from "./model/spectral/whole-reading.js";
export {
  type FoundKernel,
  type GivenKernel,
  type NoiseReader,
  type PhotoProgress,
  type PhotoTools,
  type UpscaledPhoto,
  type UpscalePhotoOptions,
  upscalePhoto,
} from "./pipeline/upscale-photo.js";
export { UpscaleError } from "./upscale/errors.js";
export { FourierUpscaler } from "./upscale/fourier/fourier-upscaler.js";
export { GuidedUpscaler } from "./upscale/guided/guided-upscaler.js";
export { automaticSigma, type SigmaInputs } from "./upscale/sigma/automatic-sigma.js";
export type { TileProgram } from "./upscale/tiles/tile-program.js";
export type {
  PictureProgress,
  UpscaleFactor,
  UpscaleOptions,
  UpscalePlan,
  Upscaler,
} from "./upscale/upscaler.js";
export { UsrNet, type UsrNetOptions } from "./upscale/usrnet/usrnet.js";
export { LayoutError, WeightsError } from "./weights/errors.js";
export type { Precision } from "./weights/layouts/usrnet-layout.js";
export { importCheckpoint } from "./weights/pytorch/import-checkpoint.js";
export { parseSafetensors, serializeSafetensors } from "./weights/safetensors.js";
export type { WeightFile, WeightTensor } from "./weights/weight-file.js";
