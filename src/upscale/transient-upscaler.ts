import { DISPOSE, Lifetime } from "../engine/disposal.js";
import type { RgbImage } from "../image/rgb-image.js";
import type { UpscaleOptions, Upscaler } from "./upscaler.js";

/** An upscaler that holds no GPU memory between two images. */
export abstract class TransientUpscaler implements Upscaler {
  /** @internal */
  protected readonly lifetime = new Lifetime("upscaler");

  abstract upscale(image: RgbImage, options: UpscaleOptions): Promise<RgbImage>;

  /** Ends the upscaler's use. */
  dispose(): void {
    this.lifetime.end();
  }

  [DISPOSE](): void {
    this.dispose();
  }
}
