/**
 * The engine alone, for networks of your own: tensors, a tape with gradients, and replayed programs on any
 * WebGPU.
 */
export type { AdapterDescription, AdapterKind } from "./device/adapter.js";
export type { Bindings, Constants, StorageTypes } from "./device/bindings.js";
export { Engine, type EngineOptions, type TensorData } from "./device/engine.js";
export type { BindingAccess, Shader, ShaderBinding, SourceRun } from "./device/shader.js";
export { shaderFromSource } from "./device/shader-source.js";
export type { Tuning } from "./device/tuning.js";
export * from "./errors.js";
export { CollapsedChain } from "./ops/convolution/collapse.js";
export { conv2d, conv2dOfConstant } from "./ops/convolution/conv2d.js";
export type { Conv2dOptions } from "./ops/convolution/conv2d-options.js";
export {
  downsample2x2,
  downsample2x2Forward,
  upsample2x2,
  upsample2x2Forward,
} from "./ops/convolution/conv2x2.js";
export { type Conv3x3Options, conv3x3, conv3x3Forward, packConv3x3 } from "./ops/convolution/conv3x3.js";
export { unfold } from "./ops/convolution/unfold.js";
export { type WinogradOptions, winogradConv3x3 } from "./ops/convolution/winograd-conv3x3.js";
export { add, addForward } from "./ops/elementwise/add.js";
export { addBias } from "./ops/elementwise/add-bias.js";
export { cast } from "./ops/elementwise/cast.js";
export { gaussianNoise, type NoiseOptions } from "./ops/elementwise/gaussian-noise.js";
export { sigmoid } from "./ops/elementwise/sigmoid.js";
export { inverseRealFft2d, inverseRealFft2dForward, realFft2d, realFft2dForward } from "./ops/fft/fft.js";
export { axpy } from "./ops/linear-algebra/axpy.js";
export { matmul } from "./ops/linear-algebra/matmul.js";
export { transpose } from "./ops/linear-algebra/transpose.js";
export { endFusedLoss, exclusiveGradient } from "./ops/losses/fused-loss.js";
export { l1Loss } from "./ops/losses/l1-loss.js";
export { type LossSchedule, meanSquaredLoss } from "./ops/losses/mean-squared-loss.js";
export {
  type ChainHead,
  type NormalizedLayer,
  normalizedLayers,
} from "./ops/normalization/normalized-layers.js";
export { type SpectralWeight, spectralNorm } from "./ops/normalization/spectral-norm.js";
export { type CropOptions, crop, cropForward } from "./ops/rearrange/crop.js";
export {
  type ConstantChannel,
  type PadOptions,
  padReplicate,
  padReplicateForward,
} from "./ops/rearrange/pad-replicate.js";
export { trim, trimForward } from "./ops/rearrange/trim.js";
export { type AdamOptions, type AdamState, adam } from "./optimizers/adam.js";
export { type ParameterShape, Parameters } from "./optimizers/parameters.js";
export { type SgdRates, sgd } from "./optimizers/sgd.js";
export { RandomStream, threefry2x32 } from "./random.js";
export { accumulateGradient } from "./recording/accumulate-gradient.js";
export { advance, writeHistoryRow } from "./recording/history.js";
export { elementwise, elementwiseVec4, grid, storedAs } from "./recording/launch.js";
export { profile, type ShaderTime } from "./recording/profiler.js";
export type { Dispatch, Program } from "./recording/program.js";
export { StepCounter, type StepIndex } from "./recording/step-counter.js";
export type { StepRanges } from "./recording/step-ranges.js";
export { type DispatchRequest, type GradientTarget, type LossTerm, Tape } from "./recording/tape.js";
export { ALIGNED_ELEMENTS, type DType, Tensor } from "./tensors/tensor.js";
