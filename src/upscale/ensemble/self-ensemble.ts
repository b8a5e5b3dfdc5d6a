import { assertRgbImage } from "../../image/assert-rgb-image.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { assertUpscaleOptions } from "../assert-upscale-options.js";
import { TransientUpscaler } from "../transient-upscaler.js";
import type { UpscaleOptions, Upscaler } from "../upscaler.js";
import { ORIENTATIONS, turnedBack, turnedImage, turnedKernel } from "./orientations.js";

/**
 * Averages the pictures that an upscaler makes of an image in four orientations: the geometric self-ensemble of Lim et al. 2017 (EDSR,
 * section 3.4), with four of its eight. It takes four times as long, and errors that depend on the orientation shrink.
 */
export class SelfEnsemble extends TransientUpscaler {
  /** @param upscaler is disposed of with this one. */
  constructor(private readonly upscaler: Upscaler) {
    super();
  }

  /** See {@link Upscaler.upscale}. Its plan is that of the first orientation. */
  async upscale(image: RgbImage, options: UpscaleOptions): Promise<RgbImage> {
    this.lifetime.check();
    assertUpscaleOptions(options);
    assertRgbImage(image);
    const { kernel, scale, onPlan, onProgress } = options;
    let sum: RgbImage | undefined;
    for (const [index, orientation] of ORIENTATIONS.entries()) {
      const picture = await this.upscaler.upscale(turnedImage(image, orientation), {
        ...options,
        kernel: turnedKernel(kernel, scale, orientation),
        onPlan: index === 0 ? onPlan : undefined,
        onProgress: ({ phase, done, total }) =>
          onProgress?.({ phase, done: index * total + done, total: ORIENTATIONS.length * total }),
      });
      const seen = turnedBack(picture, orientation);
      sum = sum ? { ...sum, data: sum.data.map((value, i) => value + seen.data[i]) } : seen;
    }
    const { width, height, data } = sum as RgbImage;
    return { width, height, data: data.map((value) => value / ORIENTATIONS.length) };
  }

  override dispose(): void {
    super.dispose();
    this.upscaler.dispose();
  }
}
