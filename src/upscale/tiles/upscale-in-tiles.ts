import { abortable } from "../../engine/abortable.js";
import type { Engine } from "../../engine/engine.js";
import { NumericalError } from "../../engine/errors.js";
import { PacedRun } from "../../engine/recording/paced-run.js";
import type { Program } from "../../engine/recording/program.js";
import { assertRgbImage } from "../../image/assert-rgb-image.js";
import { type RgbImage, rgbImage } from "../../image/rgb-image.js";
import { assertUpscaleOptions } from "../assert-upscale-options.js";
import { UpscaleError } from "../errors.js";
import type { UpscaleOptions } from "../upscaler.js";
import { assertUpscalable, MIN_TILE } from "./limits.js";
import { padPeriodically, periodicLength } from "./periodic-padding.js";
import type { TileProgram } from "./tile-program.js";
import { type Cut, cutSide, fade, fitOverlap, type Overlap, WIDE_OVERLAP } from "./tiles.js";

/** Records the upscaling of tiles of one size. */
export type RecordTile = (height: number, width: number) => Promise<TileProgram>;

/**
 * Upscales an image, in tiles if it is large.
 * @param largest the largest side of a tile on this device, in pixels of the upscaled image.
 * @param overlap of the tiles, in pixels of the small image.
 */
export async function upscaleInTiles(
  engine: Engine,
  image: RgbImage,
  options: UpscaleOptions,
  largest: number,
  record: RecordTile,
  overlap: Overlap = WIDE_OVERLAP,
): Promise<RgbImage> {
  assertUpscaleOptions(options);
  options.signal?.throwIfAborted();
  checkOptions(image, options, largest);
  const { scale, signal, onPlan, onProgress, tile = largest, boundary } = options;
  const side = Math.floor(tile / scale);
  const fitted = fitOverlap(overlap, side);
  const rows = cutSide(image.height, side, fitted);
  const columns = cutSide(image.width, side, fitted);
  // The size of a tile on the device.
  const extended =
    boundary === "circular"
      ? ([rows.length, columns.length] as const)
      : ([periodicLength(rows.length), periodicLength(columns.length)] as const);
  const height = image.height * scale;
  const width = image.width * scale;
  const bytes = engine.memory.bytes;
  const program = await record(...extended);
  try {
    signal?.throwIfAborted();
    const tiles = rows.starts.length * columns.starts.length;
    onPlan?.({ tiles, width, height, bytes: engine.memory.bytes - bytes });
    const weights = {
      rows: fade(image.height, rows, scale, fitted),
      columns: fade(image.width, columns, scale, fitted),
    };
    const result = rgbImage(width, height, new Float32Array(3 * width * height));
    // The iterations of a tile, and what comes before them.
    const work = [program.start, ...Array<Program>(program.iterations).fill(program.iteration)];
    const each = work.reduce((sum, { dispatches }) => sum + dispatches.length, 0);
    const total = tiles * each;
    const paced = new PacedRun(engine);
    let before = 0;
    for (const [row, top] of rows.starts.entries()) {
      for (const [column, left] of columns.starts.entries()) {
        const pixels = cutOut(image, top, left, rows, columns);
        engine.write(program.input, padPeriodically(pixels, [rows.length, columns.length], extended));
        program.reset();
        await paced.run(work, {
          signal,
          onDone: (done) => onProgress?.({ phase: "picture", done: before + done, total }),
        });
        before += each;
        const upscaled = await abortable(engine.read(program.output), signal);
        const vertical = weights.rows[row] as Float32Array;
        const horizontal = weights.columns[column] as Float32Array;
        addTile(result, upscaled, {
          top: top * scale,
          left: left * scale,
          vertical,
          horizontal,
          size: [extended[0] * scale, extended[1] * scale],
        });
      }
    }
    if (!result.data.every(Number.isFinite)) {
      throw new NumericalError("The upscaled image has values that are not finite; give a larger sigma.");
    }
    return result;
  } finally {
    program.dispose();
  }
}

function checkOptions(image: RgbImage, options: UpscaleOptions, largest: number): void {
  const { scale, sigma = 0, kernel, tile = largest } = options;
  if (![1, 2, 3, 4].includes(scale)) throw new UpscaleError(`The scale must be 1, 2, 3 or 4; got ${scale}.`);
  if (!(sigma >= 0 && sigma <= 50))
    throw new UpscaleError(`Sigma must be from 0 to 50, in 255ths; got ${sigma}.`);
  const least = MIN_TILE * scale;
  if (!(tile >= least)) {
    throw new UpscaleError(`A tile at ×${scale} needs sides of at least ${least} pixels; got ${tile}.`);
  }
  if (tile > largest) {
    throw new UpscaleError(
      `On this device a tile may have sides of up to ${largest} pixels; got ${tile}, so give a smaller number.`,
    );
  }
  assertUpscalable(image, scale);
  assertRgbImage(image);
  const sum = kernel.values.reduce((total, value) => total + value, 0);
  if (!(Math.abs(sum) > 0.01)) {
    throw new UpscaleError(
      `The blur kernel's values sum to ${sum.toFixed(3)}, so the result would be black; give a kernel whose sum is near 1.`,
    );
  }
}

/** A tile's pixels, [3, rows.length, columns.length]. */
function cutOut(image: RgbImage, top: number, left: number, rows: Cut, columns: Cut): Float32Array {
  const pixels = new Float32Array(3 * rows.length * columns.length);
  for (let line = 0; line < 3 * rows.length; line++) {
    const plane = Math.floor(line / rows.length);
    const start = (plane * image.height + top + (line % rows.length)) * image.width + left;
    pixels.set(image.data.subarray(start, start + columns.length), line * columns.length);
  }
  return pixels;
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
    for (const [row, weight] of vertical.entries()) {
      const source = (plane * size[0] + row) * size[1];
      const target = (plane * height + top + row) * width + left;
      for (const [column, share] of horizontal.entries()) {
        data[target + column] += weight * share * (pixels[source + column] as number);
      }
    }
  }
}
