import type { RgbImage } from "../image/rgb-image.js";
import type { BlurKernel } from "../kernel/blur-kernel.js";
import type { Uncertainty } from "./sigma/automatic-sigma.js";

/** By how much an image can be enlarged; 1 only sharpens it. */
export type UpscaleFactor = 1 | 2 | 3 | 4;

/** What an upscaling is going to do, known before it starts. */
export interface UpscalePlan {
  readonly tiles: number;
  /** Side lengths of the upscaled image, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Bytes of GPU memory that will be in use at most. */
  readonly bytes: number;
}

/** Options of {@link Upscaler.upscale}. */
export interface UpscaleOptions {
  /** The blur before the downscaling, on the grid of the upscaled image; it says itself for which operation it is. */
  readonly kernel: BlurKernel;
  readonly scale: UpscaleFactor;
  /** Noise of the image, and mistrust of the kernel: standard deviation in 255ths, 0 to 50. 0 unless given. */
  readonly sigma?: number;
  /**
   * What is known of the image and its kernel, for an upscaler that can make use of it in place of sigma. Unless given, the kernel is
   * right and sigma is the noise.
   */
  readonly uncertainty?: Uncertainty;
  /**
   * What lies beyond the borders: what a photograph probably shows there (unless given), or the image's other side, as
   * in images that were degraded so.
   */
  readonly boundary?: "natural" | "circular";
  /** Largest side of a tile, in pixels of the upscaled image; by the device's limits unless given. */
  readonly tile?: number;
  /** Stops between two submissions; `upscale` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called once everything is compiled, before the first tile. */
  readonly onStart?: (plan: UpscalePlan) => void;
  /** Called as work completes, with the share that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Makes a sharper, larger picture of an image whose blur kernel is known. */
export interface Upscaler {
  /**
   * @returns an image of `scale` times the sides; values may lie a little outside of [0, 1].
   * @throws {ImageError} if the image has values that are not finite.
   * @throws {UpscaleError} if an option is out of its range, or the upscaled image or its tiles would be too large.
   */
  upscale(image: RgbImage, options: UpscaleOptions): Promise<RgbImage>;
  /** Frees the GPU memory that it holds. */
  dispose(): void;
}
