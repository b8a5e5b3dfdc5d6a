import type { Engine } from "../../engine/device/engine.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { closedFormTile } from "../tiles/closed-form-tile.js";
import { tilePixels } from "../tiles/largest-tile.js";
import { upscaleInTiles } from "../tiles/upscale-in-tiles.js";
import { TransientUpscaler } from "../transient-upscaler.js";
import type { UpscaleOptions, Upscaler } from "../upscaler.js";

/** Of a picture of three channels. */
const PIXEL_BYTES = 12;

/** Upscales with a closed-form filter, the Wiener filter, instantly: the baseline for networks. */
export class FourierUpscaler extends TransientUpscaler {
  constructor(private readonly engine: Engine) {
    super();
  }

  /** Loads as the other upscalers do; it has no weights. */
  static async load(engine: Engine): Promise<FourierUpscaler> {
    return new FourierUpscaler(engine);
  }

  /** See {@link Upscaler.upscale}. */
  async upscale(image: RgbImage, options: UpscaleOptions): Promise<RgbImage> {
    this.lifetime.check();
    return upscaleInTiles(
      this.engine,
      image,
      options,
      tilePixels(this.engine, PIXEL_BYTES),
      (height, width) =>
        closedFormTile(this.engine, options, (tape) => tape.tensor([3, height, width], "image")),
    );
  }
}
