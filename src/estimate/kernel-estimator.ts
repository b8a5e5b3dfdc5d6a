import type { RgbImage } from "../image/rgb-image.js";
import type { BlurKernel } from "../kernel/blur-kernel.js";
import type { KernelUncertainty } from "../kernel/kernel-uncertainty.js";
import type { MethodName } from "./methods/methods.js";

/** How far an estimate has come. */
export interface KernelProgress {
  readonly phase: "kernel";
  /** Steps that are complete. 0 comes once, when everything is compiled and uploaded. */
  readonly done: number;
  /** Steps in all; 0 for a method without steps. */
  readonly total: number;
}

/** Options that all methods share. */
export interface EstimateOptions {
  /** Downscaling factor of the kernel; unless given, the first of {@link KernelEstimator.scales}. */
  readonly scale?: 2 | 4;
  /** `height · width` values, 0 where the photo is transparent and shows nothing; opaque unless given. */
  readonly alpha?: Float32Array;
  /** Steps of an adaptation; unless given, as many as the method's paper takes. 0 gives the initial kernel. */
  readonly steps?: number;
  /** Fixes everything random: patches, noise, random initial weights. From 0 to 4294967295; 0 unless given. */
  readonly seed?: number;
  /** Stops the estimate soon after it is aborted. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: KernelProgress) => void;
  /**
   * Called about every `snapshotEvery` steps and after the last one, to watch the kernel form; not by a method without
   * steps.
   */
  readonly onSnapshot?: (snapshot: EstimateSnapshot) => void;
  /** Steps between two snapshots, each of which is read back from the GPU; 5 unless given. */
  readonly snapshotEvery?: number;
}

/** An unfinished estimate. */
export interface EstimateSnapshot {
  /** Steps that are complete. */
  readonly step: number;
  /** The kernel after them. */
  readonly kernel: BlurKernel<"correlation">;
  /** Losses of the steps since the last snapshot. */
  readonly losses: readonly LossPair[];
}

/** Losses of one step before its updates: the generator's (adversarial and sum-to-one) and the discriminator's. */
export type LossPair = readonly [generator: number, discriminator: number];

/** A blur kernel estimated from a photo, and what the method knows about it. */
export interface KernelEstimate {
  readonly kernel: BlurKernel<"correlation">;
  readonly scale: 2 | 4;
  /** Standard deviation of the photo's noise, in 255ths; absent if the method does not measure it. */
  readonly noise?: number;
  /** Absent if the method does not know how wrong it is. */
  readonly uncertainty?: KernelUncertainty;
}

/** Estimates the blur kernels of photos; made once by a class's `load`, used for any number of photos. */
export interface KernelEstimator<Estimate extends KernelEstimate = KernelEstimate> {
  readonly method: MethodName;
  /** The downscaling factors for which it can estimate, the default one first. */
  readonly scales: readonly (2 | 4)[];
  /**
   * Estimates the kernel of one photo.
   * @throws {ImageError} if the photo is too small for the method, or has no detail.
   * @throws {EstimateError} if an option is out of its range, or the method does not have it.
   * @throws {NumericalError} if an adaptation diverges.
   * @throws the signal's reason if it is aborted.
   */
  estimate(image: RgbImage, options?: EstimateOptions): Promise<Estimate>;
  /** Frees the GPU memory that it holds. */
  dispose(): void;
  [Symbol.dispose](): void;
}
