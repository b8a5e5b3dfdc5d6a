import type { Engine } from "../engine/engine.js";
import { realFft2d } from "../engine/ops/fft/fft.js";
import { StepCounter } from "../engine/recording/step-counter.js";
import { Tape } from "../engine/recording/tape.js";
import type { RgbImage } from "../image/rgb-image.js";
import { psfToOtf } from "../kernel/psf-to-otf.js";
import { fourierGuess, wienerAlpha } from "../model/usrnet/fourier-guess.js";
import { largestTile } from "./tiles/largest-tile.js";
import { finishTile, type TileProgram } from "./tiles/tile-program.js";
import { upscaleInTiles } from "./tiles/upscale-in-tiles.js";
import { TransientUpscaler } from "./transient-upscaler.js";
import type { UpscaleOptions, Upscaler } from "./upscaler.js";

/** Upscales with a closed-form filter, the Wiener filter, instantly: the baseline for networks. */
export class FourierUpscaler extends TransientUpscaler {
  constructor(private readonly engine: Engine) {
    super();
  }

  /** See {@link Upscaler.upscale}. */
  async upscale(image: RgbImage, options: UpscaleOptions): Promise<RgbImage> {
    this.lifetime.check();
    return upscaleInTiles(this.engine, image, options, largestTile(this.engine, 3), (height, width) =>
      this.record(height, width, options),
    );
  }

  private async record(
    height: number,
    width: number,
    { kernel, scale, sigma = 0, signal }: UpscaleOptions,
  ): Promise<TileProgram> {
    const { engine } = this;
    const large = [height * scale, width * scale] as const;
    const counter = new StepCounter(engine);

    const start = new Tape(engine, false);
    const blur = psfToOtf(start, kernel, ...large);

    const tape = new Tape(engine, false);
    const input = tape.tensor([3, height, width], "image");
    const output = fourierGuess(tape, {
      spectrum: realFft2d(tape, input),
      blur,
      scale,
      size: [height, width],
      alphas: tape.constant(Float32Array.of(wienerAlpha(sigma)), "alpha"),
      counter,
    });

    return finishTile({
      input,
      output,
      start,
      iteration: tape,
      iterations: 1,
      isClosedForm: true,
      counter,
      signal,
    });
  }
}
