import { DISPOSE } from "../../../engine/disposal.js";
import type { EstimateOptions, KernelEstimate, KernelEstimator } from "../../../estimate/kernel-estimator.js";
import type { MethodName } from "../../../estimate/methods/methods.js";
import type { RgbImage } from "../../../image/rgb-image.js";
import { TransientUpscaler } from "../../../upscale/transient-upscaler.js";
import type { UpscaleOptions, Upscaler } from "../../../upscale/upscaler.js";
import type { RunDevice } from "./run-device.js";

/** Prints a line for the user. */
export type Say = (text: string) => void;

/** An upscaler on a run's device: if that is lost, the image is upscaled once more with a new one. */
export class SteadyUpscaler<Tools> extends TransientUpscaler {
  /** @param of the upscaler among the device's tools, which the device frees. */
  constructor(
    private readonly device: RunDevice<Tools>,
    private readonly of: (tools: Tools) => Upscaler,
    private readonly say: Say,
  ) {
    super();
  }

  /** See {@link Upscaler.upscale}. */
  upscale(image: RgbImage, options: UpscaleOptions): Promise<RgbImage> {
    return this.device.use(
      (tools) => this.of(tools).upscale(image, options),
      () => this.say("The GPU device was lost; the image is upscaled once more with a new one."),
    );
  }
}

/** A kernel estimator on a run's device: if that is lost, the kernel is estimated once more with a new one. */
export class SteadyEstimator<Tools, Estimate extends KernelEstimate> implements KernelEstimator<Estimate> {
  readonly scales: readonly (2 | 4)[];

  /** @param of the estimator among the device's tools, which the device frees. */
  constructor(
    private readonly device: RunDevice<Tools>,
    readonly method: MethodName,
    scale: 2 | 4,
    private readonly of: (tools: Tools) => KernelEstimator<Estimate>,
    private readonly say: Say,
  ) {
    this.scales = [scale];
  }

  /** See {@link KernelEstimator.estimate}. */
  estimate(image: RgbImage, options?: EstimateOptions): Promise<Estimate> {
    return this.device.use(
      (tools) => this.of(tools).estimate(image, options),
      () => this.say("The GPU device was lost; the kernel is estimated once more with a new one."),
    );
  }

  /** Frees nothing: the estimator belongs to the device. */
  dispose(): void {}

  [DISPOSE](): void {}
}
