import { abortable } from "../engine/abortable.js";
import type { Engine } from "../engine/device/engine.js";
import { DISPOSE, Lifetime } from "../engine/disposal.js";
import { OutOfMemoryError } from "../engine/errors.js";
import type { EstimateOptions } from "../estimate/kernel-estimator.js";
import type { SpectralEstimate, SpectralEstimator } from "../estimate/spectral/spectral-estimator.js";
import type { CanvasLike } from "../image/draw-image.js";
import { isGray, toGray } from "../image/gray.js";
import { type PhotoTools, type UpscalePhotoOptions, upscalePhoto } from "../pipeline/upscale-photo.js";
import { assertCanvas } from "./assert-canvas.js";
import { assertCallOptions, assertPictureOptions } from "./assert-options.js";
import type { DecodedSource } from "./decode-source.js";
import { UpscaledPicture } from "./upscaled-picture.js";

/** Options of {@link PictureUpscaler.upscale}. */
export type PictureOptions = Pick<
  UpscalePhotoOptions,
  "given" | "sigma" | "align" | "boundary" | "tile" | "signal" | "onKernel" | "onPlan" | "onProgress"
>;

/** Options of {@link PictureUpscaler.estimateKernel}. */
export type KernelOptions = Pick<EstimateOptions, "signal" | "onProgress">;

/** What a {@link PictureUpscaler} is made of. */
export interface PictureUpscalerParts<Source, Kept = unknown> {
  readonly engine: Engine;
  readonly tools: PhotoTools;
  readonly scale: 2 | 4;
  /** Called at once: checks a source, and copies what may change before its turn comes. */
  readonly hold?: (source: Source) => Promise<Source>;
  readonly decode: (source: Source, engine: Engine, signal?: AbortSignal) => Promise<DecodedSource<Kept>>;
}

/**
 * Makes photos sharper and larger: decodes, estimates the blur, undoes it on a larger grid, and keeps transparency. Calls run
 * one after another, in the order in which they were made.
 * @typeParam Kept what pictures take over from the photos' files.
 */
export class PictureUpscaler<Source, Kept = unknown> {
  readonly scale: 2 | 4;
  readonly engine: Engine;
  private last: Promise<unknown> = Promise.resolve();
  private readonly lifetime = new Lifetime("upscaler");

  constructor(private readonly parts: PictureUpscalerParts<Source, Kept>) {
    this.scale = parts.scale;
    this.engine = parts.engine;
  }

  /**
   * Makes a picture of `scale` times the photo's sides.
   * @throws {ImageError} if the source is no picture, or unfit.
   * @throws {EngineError} as {@link upscalePhoto}, or if this upscaler was disposed.
   * @throws the signal's reason if it is aborted, also while the call waits for its turn.
   */
  upscale(source: Source, options: PictureOptions = {}): Promise<UpscaledPicture & Kept> {
    return this.inTurn(source, options, assertPictureOptions, async ({ rgb, alpha, kept }) => {
      const { tools, scale } = this.parts;
      const { picture, ...found } = await upscalePhoto(tools, rgb, { ...options, alpha, scale });
      const upscaled = new UpscaledPicture({ ...found, rgb: isGray(rgb) ? toGray(picture) : picture });
      return Object.assign(upscaled, kept as Kept);
    });
  }

  /** Upscales a photo and draws the picture on a canvas, which takes its size; see {@link upscale}. */
  async toCanvas<Canvas extends CanvasLike>(
    source: Source,
    canvas: Canvas,
    options?: PictureOptions,
  ): Promise<UpscaledPicture & Kept> {
    assertCanvas(canvas);
    const picture = await this.upscale(source, options);
    picture.toCanvas(canvas);
    return picture;
  }

  /** Estimates the blur kernel and the noise of a photo; throws as {@link upscale}. */
  estimateKernel(source: Source, options: KernelOptions = {}): Promise<SpectralEstimate> {
    return this.inTurn(source, options, assertCallOptions, ({ rgb, alpha }) =>
      (this.parts.tools.estimator as SpectralEstimator).estimate(rgb, { ...options, alpha }),
    );
  }

  /** Frees the memory on the device, and the device itself unless it is the caller's. */
  dispose(): void {
    if (this.lifetime.end()) return;
    for (const tool of [this.parts.tools.upscaler, this.parts.tools.estimator]) tool?.dispose();
    this.engine.dispose();
  }

  [DISPOSE](): void {
    this.dispose();
  }

  private async decode(source: Source, signal?: AbortSignal): Promise<DecodedSource<Kept>> {
    const decoded = await this.parts.decode(source, this.engine, signal);
    // Time for a page's events, such as a click that aborts: the device answers in another turn.
    await abortable(this.engine.synchronize(), signal);
    return decoded;
  }

  /** Decodes a picture and works on it when the work of all earlier calls has ended, however it ended. */
  private inTurn<T, Options extends KernelOptions>(
    source: Source,
    options: Options,
    check: (options: Options, scale: number) => void,
    work: (decoded: DecodedSource<Kept>) => Promise<T>,
  ): Promise<T> {
    const before = this.last;
    const turn = (async (): Promise<T> => {
      this.lifetime.check();
      check(options, this.scale);
      const held = (await this.parts.hold?.(source)) ?? source;
      try {
        await abortable(before, options.signal);
        this.lifetime.check();
        return await work(await this.decode(held, options.signal));
      } catch (cause) {
        // So V8 and WebKit say that there is no room for an array.
        if (!(cause instanceof RangeError && /array|memory/i.test(cause.message))) throw cause;
        throw new OutOfMemoryError("No memory is left for the picture: give a smaller one.", { cause });
      } finally {
        if (held !== source) (held as Partial<ImageBitmap>).close?.();
      }
    })();
    // The next call waits for this one's work, and for the turn that an aborted one gave up.
    this.last = Promise.allSettled([before, turn]);
    return turn;
  }
}
