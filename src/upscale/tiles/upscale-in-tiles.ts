import { abortable } from "../../engine/abortable.js";
import type { Engine } from "../../engine/device/engine.js";
import { NumericalError } from "../../engine/errors.js";
import { PacedRun } from "../../engine/recording/paced-run.js";
import type { Program } from "../../engine/recording/program.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { assertRgbImage } from "../../image/assert-rgb-image.js";
import { cropImage } from "../../image/crop-image.js";
import { type HeldMeans, holdMeans } from "../../image/light/hold-means.js";
import { isFlat } from "../../image/patches/assert-has-detail.js";
import { enlargeLinearly } from "../../image/resize/linear.js";
import { type RgbImage, rgbImage } from "../../image/rgb-image.js";
import { kernelCovariance } from "../../kernel/metrics/kernel-metrics.js";
import { assertSigma, assertSum, assertUpscaleOptions } from "../assert-upscale-options.js";
import { UpscaleError } from "../errors.js";
import type { SigmaInputs } from "../sigma/automatic-sigma.js";
import type { UpscaleOptions } from "../upscaler.js";
import { closedFormTile } from "./closed-form-tile.js";
import { cutImage } from "./cut-image.js";
import { recordBlur, setBorder } from "./fit-border.js";
import { largestTile, paddedPixels } from "./largest-tile.js";
import { assertTile, assertUpscalable } from "./limits.js";
import { padPeriodically, periodicLength } from "./periodic-padding.js";
import type { TileProgram } from "./tile-program.js";
import { fade, fitOverlap, type Overlap, WIDE_OVERLAP } from "./tiles.js";

/** Standard deviations of the weights of local means that are held, in pixels of the small image, at least. */
const WIDE = 4;
const NARROW = 1.2;

/**
 * By how much a wide mean may differ where a camera took the photo, in 255ths: the blur of linear light makes other means than that of
 * a photo's values. Larger ones gain more, see docs/notes/2026-11-28-kind-of-photo.md, but contradict the photo.
 */
const CAMERA_DIFFERENCE = 1;

/** What noise makes of a narrow mean, at most: a photo's noise is not independent from pixel to pixel. */
const NOISE_SHARE = 3;

/** The least width of means, in widths of the kernel. */
const KERNEL_WIDTHS = 1.5;

/**
 * Rounds in which a border is fitted, and the noise level of their closed form, in 255ths: a larger one converges faster. Chosen on
 * training photos with motion and disks, where they gain 5 to 9 dB over a border that is not fitted.
 */
const FIT_ROUNDS = 20;
const FIT_SIGMA = 3;

/** Records the upscaling of tiles of one size. */
export type RecordTile = (height: number, width: number) => Promise<TileProgram>;

/**
 * Upscales an image, in tiles if it is large.
 * @param pixels of a tile with its padding, at most, on this device; see {@link tilePixels}.
 * @param overlap of the tiles, in pixels of the small image.
 */
export async function upscaleInTiles(
  engine: Engine,
  image: RgbImage,
  options: UpscaleOptions,
  pixels: number,
  record: RecordTile,
  overlap: Overlap = WIDE_OVERLAP,
): Promise<RgbImage> {
  assertUpscaleOptions(options);
  options.signal?.throwIfAborted();
  const { kernel, scale, signal, onPlan, onProgress, boundary } = options;
  const gap = options.fitBorder ? Math.ceil(kernel.size / scale) + 8 : 0;
  // The size of a tile on the device.
  const padded = (side: number): number => (boundary === "circular" ? side : periodicLength(side, gap));
  const largest = largestTile(pixels, scale, padded);
  checkOptions(image, options, largest);
  if (isFlat(image)) return flatResult(image, options);
  const side = (options.tile ?? Infinity) / scale;
  const fitted = fitOverlap(overlap, Math.min(side, largest / scale));
  const { rows, columns } = cutImage(image, fitted, (high, wide) => {
    const size = paddedPixels(high, wide, scale, padded);
    return Math.max(high, wide) > side || size > pixels ? Infinity : size;
  });
  const extended = [padded(rows.length), padded(columns.length)] as const;
  const height = image.height * scale;
  const width = image.width * scale;
  const bytes = engine.memory.bytes;
  const program = await record(...extended);
  const owned = [program];
  try {
    let fit: TileProgram | undefined;
    if (options.fitBorder && boundary !== "circular") {
      fit = await closedFormTile(
        engine,
        { ...options, sigma: FIT_SIGMA },
        () => program.input,
        (...recorded) => recordBlur(...recorded, kernel),
      );
      owned.push(fit);
      fit.reset();
      fit.start.run();
    }
    signal?.throwIfAborted();
    const read = (tensor: Tensor): Promise<Float32Array> => abortable(engine.read(tensor), signal);
    const tiles = rows.starts.length * columns.starts.length;
    onPlan?.({ tiles, width, height, bytes: engine.memory.bytes - bytes });
    const weights = {
      rows: fade(image.height, rows, scale, fitted),
      columns: fade(image.width, columns, scale, fitted),
    };
    const blank = (): RgbImage => rgbImage(width, height, new Float32Array(3 * width * height));
    let result = blank();
    const means = program.means ? blank() : result;
    // The iterations of a tile, and what comes before them.
    const work = [program.start, ...Array<Program>(program.iterations).fill(program.iteration)];
    const each = work.reduce((sum, { dispatches }) => sum + dispatches.length, 0);
    const total = tiles * each;
    const paced = new PacedRun(engine);
    let before = 0;
    for (const [row, top] of rows.starts.entries()) {
      for (const [column, left] of columns.starts.entries()) {
        const part = cropImage(image, { left, top, width: columns.length, height: rows.length });
        const inner = [rows.length, columns.length] as const;
        const planes = padPeriodically(part.data, inner, extended);
        const sizes = { inner, extended, scale };
        for (let round = 0; fit && round < FIT_ROUNDS; round++) {
          signal?.throwIfAborted();
          engine.write(program.input, planes);
          fit.iteration.run();
          setBorder(planes, await read(fit.output), kernel, sizes);
        }
        engine.write(program.input, planes);
        program.reset();
        await paced.run(work, {
          signal,
          onDone: (done) => onProgress?.({ phase: "picture", done: before + done, total }),
        });
        before += each;
        const place: TileWeights = {
          top: top * scale,
          left: left * scale,
          vertical: weights.rows[row] as Float32Array,
          horizontal: weights.columns[column] as Float32Array,
          size: [extended[0] * scale, extended[1] * scale],
        };
        addTile(result, await read(program.output), place);
        if (!program.means) continue;
        addTile(means, await read(program.means), place);
      }
    }
    // A function for each value would take a second for a photo of a camera.
    if ([Number.NaN, Infinity, -Infinity].some((value) => result.data.includes(value))) {
      throw new NumericalError("The image has values that are not finite; give a larger sigma.");
    }
    const { range } = options;
    if (!range) return result;
    // Time for a page's events, such as a click that aborts: the device answers in another turn.
    const pause = (): Promise<void> => abortable(engine.synchronize(), signal);
    for (const held of heldMeans(options)) {
      result = await holdMeans(result, means, { ...held, range, block: scale, pause });
    }
    return result;
  } finally {
    for (const part of owned) part.dispose();
  }
}

/** Which means are held: wider ones than the kernel, which itself lets nothing narrow through. The wide ones come again, as the narrow ones may spoil them. */
function heldMeans({
  kernel,
  scale,
  sigma = 0,
  known = { noise: sigma } as SigmaInputs,
}: UpscaleOptions): HeldMeans[] {
  const { xx, yy } = kernelCovariance(kernel);
  const least = (KERNEL_WIDTHS * Math.sqrt(Math.max(xx, yy, 0))) / scale;
  const wide = {
    sigma: Math.max(WIDE, least),
    noise: (CAMERA_DIFFERENCE * (known.photo?.camera ?? 0)) / 255,
  };
  const noise = (NOISE_SHARE * (known.noise ?? 0)) / 255;
  return [wide, { sigma: Math.max(NARROW, least), noise }, wide];
}

/** A picture of one color: any kernel leaves it as it is, and a network might not. */
function flatResult(image: RgbImage, { scale, onPlan }: UpscaleOptions): RgbImage {
  const [width, height] = [image.width * scale, image.height * scale];
  onPlan?.({ tiles: 1, width, height, bytes: 0 });
  return rgbImage(width, height, enlargeLinearly(image.data, image, scale));
}

function checkOptions(image: RgbImage, options: UpscaleOptions, largest: number): void {
  const { scale, sigma = 0, kernel, tile = largest } = options;
  if (![1, 2, 3, 4].includes(scale)) throw new UpscaleError(`The scale must be 1, 2, 3 or 4; got ${scale}.`);
  assertSigma(sigma);
  assertTile(tile, scale, largest);
  assertUpscalable(image, scale);
  assertRgbImage(image);
  assertSum(kernel);
}

interface TileWeights {
  readonly top: number;
  readonly left: number;
  readonly vertical: Float32Array;
  readonly horizontal: Float32Array;
  /** Height and width of the planes that the pixels come in. */
  readonly size: readonly [number, number];
}

function addTile(
  { width, height, data }: RgbImage,
  pixels: Float32Array,
  { top, left, vertical, horizontal, size }: TileWeights,
): void {
  for (let plane = 0; plane < 3; plane++) {
    for (let row = 0; row < vertical.length; row++) {
      const source = (plane * size[0] + row) * size[1];
      const target = (plane * height + top + row) * width + left;
      for (let column = 0; column < horizontal.length; column++) {
        data[target + column] += vertical[row] * horizontal[column] * pixels[source + column];
      }
    }
  }
}
