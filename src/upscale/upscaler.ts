import type { RgbImage } from "../image/rgb-image.js";
import type { BlurKernel } from "../kernel/blur-kernel.js";
import type { SigmaInputs } from "./sigma/automatic-sigma.js";

/** By how much an image can be enlarged; 1 only sharpens it. */
export type UpscaleFactor = 1 | 2 | 3 | 4;

/** The work of an upscaling, known before it starts. */
export interface UpscalePlan {
  readonly tiles: number;
  /** Side lengths of the upscaled image, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Largest amount of GPU memory in use, in bytes. */
  readonly bytes: number;
}

/** How far an upscaling has come. */
export interface PictureProgress {
  readonly phase: "picture";
  /** Dispatches that are complete, over all tiles: about ten reports a second. */
  readonly done: number;
  readonly total: number;
}

/** Options of {@link Upscaler.upscale}. */
export interface UpscaleOptions {
  /** The blur before the downscaling, on the grid of the upscaled image; its orientation counts. */
  readonly kernel: BlurKernel;
  readonly scale: UpscaleFactor;
  /** How little to trust image and kernel: a standard deviation of noise in 255ths, 0 to 50. 0 unless given. */
  readonly sigma?: number;
  /**
   * What is known of image and kernel, for an upscaler that uses it in place of sigma. Unless given, the kernel is true and
   * sigma is the noise.
   */
  readonly known?: SigmaInputs;
  /** Beyond the border, "natural" (unless given) continues the image; "circular" wraps around, as in the benchmarks. */
  readonly boundary?: "natural" | "circular";
  /**
   * Whether to continue the image beyond a natural border as the kernel could have blurred it; false unless given. A long
   * kernel, such as motion's, rings without it, and every kernel with zeros in its spectrum where nothing is enlarged.
   */
  readonly fitBorder?: boolean;
  /**
   * The result's least and largest value. With it, the result is clipped, and its local means are those of the image; without it,
   * it is what the upscaler makes.
   */
  readonly range?: readonly [least: number, largest: number];
  /** Largest side of a tile, in pixels of the upscaled image; by the device's limits unless given. */
  readonly tile?: number;
  /** Stops the upscaling as soon as it is aborted, also within a tile and while shaders compile. */
  readonly signal?: AbortSignal;
  /** Called once everything is compiled, before the first tile. */
  readonly onPlan?: (plan: UpscalePlan) => void;
  readonly onProgress?: (progress: PictureProgress) => void;
}

/** Makes a sharper, larger picture of an image whose blur kernel is known. */
export interface Upscaler {
  /**
   * @returns an image of `scale` times the sides; without a range, values may lie slightly outside [0, 1].
   * @throws {ImageError} if the image has no pixels, or values that are not finite.
   * @throws {UpscaleError} if an option is out of its range, or the upscaled image or a tile would be too large.
   * @throws {NumericalError} if the result is not finite.
   * @throws the signal's reason if it is aborted.
   */
  upscale(image: RgbImage, options: UpscaleOptions): Promise<RgbImage>;
  /** Frees the GPU memory that it holds. */
  dispose(): void;
  [Symbol.dispose](): void;
}
