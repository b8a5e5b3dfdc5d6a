import { shown } from "../engine/kind-of.js";
import type { KernelEstimate } from "../estimate/kernel-estimator.js";
import { pictureCanvas } from "../image/canvas/picture-canvas.js";
import { type CanvasLike, drawImage } from "../image/draw-image.js";
import { ImageError } from "../image/errors.js";
import { toImageData } from "../image/image-data.js";
import type { RgbImage } from "../image/rgb-image.js";
import type { BlurKernel } from "../kernel/blur-kernel.js";
import { assertCanvas } from "./assert-canvas.js";
import { assertDrawing } from "./assert-drawing.js";

/** What a picture is made of. */
export interface PictureParts {
  readonly rgb: RgbImage;
  readonly alpha?: Float32Array;
  readonly kernel: BlurKernel;
  readonly estimate?: KernelEstimate;
  readonly noise?: number;
  readonly sigma: number;
}

/** A photo made sharper and larger, as colors in memory and in the forms that a page needs. */
export class UpscaledPicture implements PictureParts {
  /** Values may lie slightly outside [0, 1]. */
  readonly rgb: RgbImage;
  /** `height · width` values in [0, 1]; absent if the photo is opaque. */
  readonly alpha?: Float32Array;
  /** The blur that was undone. */
  readonly kernel: BlurKernel;
  /** All that the estimator knows; absent where the kernel was given. */
  readonly estimate?: KernelEstimate;
  /** Standard deviation of the photo's noise, in 255ths. */
  readonly noise?: number;
  /** Noise level told to the upscaler, in 255ths. */
  readonly sigma: number;

  constructor({ rgb, alpha, kernel, estimate, noise, sigma }: PictureParts) {
    this.rgb = rgb;
    this.alpha = alpha;
    this.kernel = kernel;
    this.estimate = estimate;
    this.noise = noise;
    this.sigma = sigma;
  }

  get width(): number {
    return this.rgb.width;
  }

  get height(): number {
    return this.rgb.height;
  }

  /**
   * The picture for a canvas, rounded to 8 bits of sRGB.
   * @throws {ImageError} in Node, which has no `ImageData`.
   */
  toImageData(): ImageData {
    assertDrawing(globalThis.ImageData);
    return toImageData(this.rgb, this.alpha);
  }

  /**
   * Draws the picture on a canvas, which takes its size; on a new one unless given. A canvas multiplies colors by alpha, so it
   * keeps few digits of colors that hardly show.
   * @throws {ImageError} in Node and Deno, or if it is no canvas that can be drawn on, or too large for the browser.
   */
  toCanvas<Canvas extends CanvasLike = OffscreenCanvas>(canvas?: Canvas): Canvas {
    assertDrawing();
    const target = canvas === undefined ? (new OffscreenCanvas(1, 1) as CanvasLike as Canvas) : canvas;
    assertCanvas(target);
    drawImage(target, this.rgb, this.alpha);
    return target;
  }

  /**
   * The picture as an image file.
   * @param type such as `"image/jpeg"`; PNG unless given.
   * @param quality 0 to 1, for JPEG and WebP.
   * @throws {ImageError} in Node and Deno, or if this browser writes no such files, or the quality is out of its range.
   */
  async toBlob(type = "image/png", quality?: number): Promise<Blob> {
    if (quality !== undefined && !(quality >= 0 && quality <= 1)) {
      throw new ImageError(`The quality of a file is from 0 to 1; got ${shown(quality)}.`);
    }
    assertDrawing();
    const canvas = await pictureCanvas(this.rgb, this.alpha);
    const blob = await canvas.convertToBlob({ type: String(type), quality });
    // Where it cannot write a type, a browser writes PNG without a word.
    if (blob.type === String(type).toLowerCase()) return blob;
    throw new ImageError(
      `This browser writes no files of the type ${shown(type)}: try "image/png" or "image/jpeg".`,
    );
  }
}
