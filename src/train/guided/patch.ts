import { unknownPhoto } from "../../model/guided/conditions.js";
import { F16 } from "../../weights/dtype.js";

/** Numbers of a sample's conditions that say nothing of the kind of photo. */
const OTHER_CONDITIONS = 8;

/** A sample as it is stored. */
export interface StoredSample {
  /** [3, h, w] bytes */
  readonly small: Uint8Array;
  /** [3, s·h, s·w] bytes */
  readonly sharp: Uint8Array;
  /** [2, 3, s·h, s·w] in half precision. */
  readonly guesses: DataView;
  /** [side, side]: its middle on the first pixel, wrapped around. */
  readonly kernel: Float32Array;
  /** See `CONDITIONS`. */
  readonly conditions: Float32Array;
}

/** The size of a sample's small image. */
export interface SampleSize {
  readonly height: number;
  readonly width: number;
  readonly scale: number;
}

/** Which part of a sample is cut out, and how it is turned. */
export interface Cut extends Pick<SampleSize, "height" | "width"> {
  readonly top: number;
  readonly left: number;
  /** Whether columns are exchanged, rows are, and both with each other, in this order; the last one for squares alone. */
  readonly mirrored?: boolean;
  readonly flipped?: boolean;
  readonly transposed?: boolean;
  /** Whether no more than the noise is told of the kind of photo. */
  readonly unknown?: boolean;
}

/** What a network learns from. */
export interface Patch {
  /** [3, h, w] */
  readonly small: Float32Array;
  /** [3, s·h, s·w] each */
  readonly sharpGuess: Float32Array;
  readonly smoothGuess: Float32Array;
  readonly sharp: Float32Array;
  /** [s·h, s·w]: its middle on the first pixel, wrapped around. */
  readonly kernel: Float32Array;
  /** See `CONDITIONS`. */
  readonly conditions: readonly number[];
}

/** Cuts a patch out of a sample, and turns all of it alike. */
export function cutPatch(sample: StoredSample, size: SampleSize, cut: Cut): Patch {
  const { guesses } = sample;
  const values = size.height * size.width * size.scale ** 2 * 3;
  const byte = (bytes: Uint8Array) => (i: number) => (bytes[i] as number) / 255;
  const guess = (which: number) => (i: number) => F16.read(guesses, 2 * (which * values + i));
  return {
    small: cutPlanes(byte(sample.small), size, cut, 1),
    sharp: cutPlanes(byte(sample.sharp), size, cut, size.scale),
    sharpGuess: cutPlanes(guess(0), size, cut, size.scale),
    smoothGuess: cutPlanes(guess(1), size, cut, size.scale),
    kernel: turnedKernel(sample.kernel, size.scale, cut),
    conditions: turnedConditions(sample.conditions, cut),
  };
}

/** Three planes; `factor` is how many pixels a small one has along a side. */
function cutPlanes(
  valueAt: (index: number) => number,
  { height, width }: SampleSize,
  { transposed = false, ...cut }: Cut,
  factor: number,
): Float32Array {
  const [rows, columns] = [factor * cut.height, factor * cut.width];
  const data = new Float32Array(3 * rows * columns);
  let index = 0;
  for (let color = 0; color < 3; color++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const [r, c] = transposed ? [column, row] : [row, column];
        const y = factor * cut.top + (cut.flipped ? rows - 1 - r : r);
        const x = factor * cut.left + (cut.mirrored ? columns - 1 - c : c);
        data[index++] = valueAt((color * factor * height + y) * factor * width + x);
      }
    }
  }
  return data;
}

/** The covariance turned as the picture is. */
function turnedConditions(
  conditions: Float32Array,
  { mirrored = false, flipped = false, transposed = false, unknown = false }: Cut,
): number[] {
  const [noise = 0, error = 0, nonGaussianity = 0, xx = 0, xy = 0, yy = 0, ...others] = conditions;
  const covariance = [xx, mirrored !== flipped ? -xy : xy, yy];
  if (transposed) covariance.reverse();
  const told = [noise, error, nonGaussianity, ...covariance, ...others];
  if (!unknown) return told;
  const { brightnessNoise, camera, compressed, quality, gaussian } = unknownPhoto(noise);
  return [...told.slice(0, OTHER_CONDITIONS), brightnessNoise, camera, compressed, quality, gaussian];
}

/**
 * The kernel turned as the picture is, on the patch's grid. Its middle is on the first of a small pixel's; a mirrored small pixel
 * lies scale − 1 further on.
 */
function turnedKernel(
  kernel: Float32Array,
  scale: number,
  { mirrored = false, flipped = false, transposed = false, height, width }: Cut,
): Float32Array {
  const side = Math.sqrt(kernel.length);
  const [H, W] = [scale * height, scale * width];
  const grid = new Float32Array(H * W);
  const source = (place: number, turned: boolean): number =>
    turned ? (((-place - (scale - 1)) % side) + side) % side : place;
  // The second half of the places is before the middle.
  const wrapped = (place: number, length: number): number =>
    (place < side - Math.floor(side / 2) ? place : place - side + side * length) % length;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const [r, c] = transposed ? [column, row] : [row, column];
      const value = kernel[source(r, flipped) * side + source(c, mirrored)] as number;
      const place = wrapped(row, H) * W + wrapped(column, W);
      grid[place] = (grid[place] as number) + value;
    }
  }
  return grid;
}
