import mergeHalvesShader from "../../../shaders/fft/fft_merge_halves.wgsl";
import pairRowsShader from "../../../shaders/fft/fft_pair_rows.wgsl";
import splitPairsShader from "../../../shaders/fft/fft_split_pairs.wgsl";
import unpairRowsShader from "../../../shaders/fft/fft_unpair_rows.wgsl";
import type { Tape } from "../../recording/tape.js";
import { transformLines } from "./lines.js";
import { floatWord, type Step } from "./step.js";

/**
 * Real images [images, height, width], or their half spectra [images, height, ⌊width / 2⌋ + 1] of complex
 * numbers.
 */
export interface Images {
  readonly images: number;
  readonly height: number;
  readonly width: number;
}

/** Factors of the columns of a half spectrum. */
export interface ColumnWeights {
  /** Factor of columns that are their own mirror image: the first, and at even width the last. */
  readonly edge: number;
  /** Factor of columns whose mirror image is not stored. */
  readonly interior: number;
}

/** Number of columns of a half spectrum, which stores no mirror images. */
export function halfWidth(width: number): number {
  return Math.floor(width / 2) + 1;
}

/** Steps from real images to columns 0 to W/2 of their unnormalized DFT, times the weights of the columns. */
export function analysis(tape: Tape, shape: Images, weights: ColumnWeights): Step[] {
  const { images, height, width } = shape;
  const half = halfWidth(width);
  const pairs = Math.ceil(height / 2);
  return [
    {
      shader: pairRowsShader,
      extent: [width, pairs, images],
      parameters: [height, width],
      size: 2 * images * pairs * width,
    },
    ...transformPairs(tape, shape),
    {
      shader: splitPairsShader,
      extent: [half, pairs, images],
      parameters: [height, width, floatWord(weights.edge), floatWord(weights.interior)],
      size: 2 * images * height * half,
    },
    ...transformColumns(tape, shape),
  ];
}

/**
 * Steps from half spectra to real images: the unnormalized inverse DFT of the full spectrum, which consists
 * of the stored columns, times their weights, and of their mirror images. After the transform along the
 * columns, only the real part of a column that is its own mirror image counts.
 */
export function synthesis(tape: Tape, shape: Images, weights: ColumnWeights): Step[] {
  const { images, height, width } = shape;
  const pairs = Math.ceil(height / 2);
  return [
    ...transformColumns(tape, shape),
    {
      shader: mergeHalvesShader,
      extent: [halfWidth(width), pairs, images],
      parameters: [height, width, floatWord(weights.edge), floatWord(weights.interior)],
      size: 2 * images * pairs * width,
    },
    ...transformPairs(tape, shape),
    {
      shader: unpairRowsShader,
      extent: [width, pairs, images],
      parameters: [height, width],
      size: images * height * width,
    },
  ];
}

/** Transforms two real rows as one complex row: half the work, at any width. */
function transformPairs(tape: Tape, { images, height, width }: Images): Step[] {
  return transformLines(tape, { along: "rows", images, lines: Math.ceil(height / 2), length: width });
}

function transformColumns(tape: Tape, { images, height, width }: Images): Step[] {
  return transformLines(tape, { along: "columns", images, lines: halfWidth(width), length: height });
}
