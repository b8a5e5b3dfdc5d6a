import type { ParameterShape } from "../../engine/optimizers/parameters.js";
import { mean } from "../../image/metrics/mean.js";
import { PHOTO_FEATURES } from "./features.js";
import { layerShapes, OUTPUTS } from "./network-shapes.js";
import { SYMMETRIES } from "./symmetries.js";
import { averageReading, columnsOf, type SpectralReading } from "./targets.js";

/** Height and width of the kernel that is read; its middle lies between its middle values. */
export const GRID = 32;

/** Rows of the second network before those of half of the kernel. */
const TOLD = 16;

/** Widths of the second network's hidden layers at ×2. */
export const WHOLE_WIDTHS = [384, 192] as const;

/**
 * Names and shapes of the second network's weights for the widths of its hidden layers: `whole1.weight` [out, in], `whole1.bias`
 * [out], ….
 */
export function wholeShapes(widths: readonly number[]): ParameterShape[] {
  return layerShapes("whole", [PHOTO_FEATURES + OUTPUTS, ...widths, TOLD + GRID ** 2 / 2]);
}

/** The layers that stand in place of its last two where a blur is wide, after a first one of the width for ×2. */
export const WIDE_SHAPES = layerShapes("wide", [0, WHOLE_WIDTHS[0], 128, TOLD + GRID ** 2 / 2]).slice(2);

/** What kind of picture a photo's spectrum shows. */
export interface PhotoKind {
  /** Standard deviation of the brightness's noise, in 255ths. */
  readonly brightnessNoise: number;
  /** Probability that a camera took the photo: that neighboring pixels share noise. */
  readonly camera: number;
  /** Probability that it went through JPEG. */
  readonly compressed: number;
  /** Quality of the JPEG, 0 to 100, if it went through one. */
  readonly quality: number;
  /** Probability that the blur is one of the paper's Gaussians. */
  readonly gaussian: number;
}

/** Both networks' reading of a photo; `noise` is that of all colors. */
export interface WholeReading extends SpectralReading {
  /** The ×2 kernel [{@link GRID}, {@link GRID}], row by row, sum 1; a spectrum has no phase, so it is point-symmetric. */
  readonly kernel: Float64Array;
  /** Likely distance of the kernel from the true one: root of the sum of squared differences. */
  readonly distance: number;
  readonly photo: PhotoKind;
}

/**
 * Decodes the networks' rows for the four symmetries of a photo, and averages them.
 * @param first rows of the first network, [8, 4].
 * @param second rows of the second one, [528, 4].
 */
export function wholeReadingOf(first: Float32Array, second: Float32Array): WholeReading {
  const kernel = new Float64Array(GRID ** 2);
  const columns = columnsOf(second);
  const own = averageReading(first, ({ xx, xy, yy }, i) => {
    // How far the second network's correction counts.
    const [x, y, twiceXy, , , gate] = columns[i];
    const open = sigmoid(gate);
    return { xx: xx + open * x, xy: xy + (open * twiceXy) / 2, yy: yy + open * y };
  });
  columns.forEach((rows, i) => {
    const values = kernelOf(rows);
    SYMMETRIES[i].kernelPlaces(GRID).forEach((place, j) => {
      kernel[place] += values[j] / columns.length;
    });
  });
  const row = (number: number): number => mean(columns.map((rows) => rows[number]));
  return {
    ...own,
    kernel,
    noise: 16 * Math.max(0, row(3)),
    error: 5 * Math.max(0, row(6)),
    distance: 0.04 * Math.max(0, row(7)),
    photo: {
      brightnessNoise: 16 * Math.max(0, row(4)),
      camera: sigmoid(row(8)),
      compressed: sigmoid(row(9)),
      quality: 100 * row(10),
      gaussian: sigmoid(row(11)),
    },
  };
}

/** The kernel in rows: a softmax of the logarithm of a Gaussian, of which they say the precision's Cholesky factor, and of what they add. */
function kernelOf(rows: readonly number[]): Float64Array {
  const [wide, slant, high] = rows.slice(12, TOLD);
  const half = Float64Array.from({ length: GRID ** 2 / 2 }, (_, i) => {
    const [x, y] = [(i % GRID) - (GRID - 1) / 2, Math.floor(i / GRID) - (GRID - 1) / 2];
    const u = Math.exp(-wide / 2) * x + slant * y;
    return rows[TOLD + i] - (u ** 2 + (Math.exp(-high / 2) * y) ** 2) / 2;
  });
  const most = Math.max(...half);
  const values = half.map((value) => Math.exp(value - most));
  const sum = 2 * values.reduce((a, b) => a + b);
  return Float64Array.of(...values, ...values.slice().reverse()).map((value) => value / sum);
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
