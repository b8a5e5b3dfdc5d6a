import chirpShader from "../../../shaders/fft/fft_chirp.wgsl";
import passShader from "../../../shaders/fft/fft_pass.wgsl";
import primePassShader from "../../../shaders/fft/fft_pass_prime.wgsl";
import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";
import { cheapestLength, isWrittenOut, radicesOf } from "./radices.js";
import type { Step } from "./step.js";
import { chirp, chirpSpectrum, rootsOfUnity } from "./tables.js";
import { Workspace } from "./workspace.js";

/**
 * Lines of complex numbers: the rows of [images, lines, length], or the columns of [images, length, lines].
 */
export interface Lines {
  readonly along: "rows" | "columns";
  readonly images: number;
  /** Lines per image. */
  readonly lines: number;
  readonly length: number;
}

/**
 * A table that multiplies the source of the first pass; a source shorter than the transform is padded with
 * zeros.
 */
interface Modulation {
  readonly table: Tensor;
  readonly sourceLength: number;
}

/** Steps of the unnormalized complex DFT of every line; no steps if the length is 1. */
export function transformLines(tape: Tape, lines: Lines): Step[] {
  const radices = radicesOf(lines.length);
  return radices ? passes(tape, lines, radices) : bluestein(tape, lines);
}

/** One Stockham pass per radix: mixed radix, natural order in and out. */
function passes(tape: Tape, lines: Lines, radices: readonly number[], modulation?: Modulation): Step[] {
  const { length } = lines;
  const roots = Workspace.of(tape).table(`roots ${length}`, () => Float32Array.from(rootsOfUnity(length)));
  let done = 1;
  return radices.map((radix, i): Step => {
    const { table, sourceLength } = (i === 0 && modulation) || { table: roots, sourceLength: length };
    const butterflies = length / radix;
    const written = { FIRST: i === 0, MODULATED: table !== roots };
    const step: Step = {
      shader: isWrittenOut(radix) ? passShader : primePassShader,
      constants: { RADIX: radix, ...(isWrittenOut(radix) ? written : {}) },
      ...layout(lines, butterflies),
      parameters: [Number(lines.along === "columns"), lines.lines, butterflies, done, sourceLength],
      tables: { table },
      size: 2 * lines.images * lines.lines * length,
    };
    done *= radix;
    return step;
  });
}

/**
 * Bluestein's method, for a length n with a large prime factor. With the chirp c[m] = exp(−πj · m² / n),
 *
 *     X[k] = c[k] · Σ_m (c[m] · x[m]) · conj(c[k − m])
 *
 * is a convolution, which transforms of a smooth length of at least 2n − 1 compute.
 */
function bluestein(tape: Tape, lines: Lines): Step[] {
  const { length } = lines;
  const padded = cheapestLength(2 * length - 1);
  const radices = radicesOf(padded) ?? [];
  const workspace = Workspace.of(tape);
  const chirps = workspace.table(`chirp ${length}`, () => Float32Array.from(chirp(length)));
  const filter = workspace.table(`chirp spectrum ${length}`, () =>
    Float32Array.from(chirpSpectrum(length, padded)),
  );
  const wide = { ...lines, length: padded };
  return [
    ...passes(tape, wide, radices, { table: chirps, sourceLength: length }),
    ...passes(tape, wide, radices, { table: filter, sourceLength: padded }),
    {
      shader: chirpShader,
      ...layout(lines, length),
      parameters: [Number(lines.along === "columns"), lines.lines, padded, length],
      tables: { table: chirps },
      size: 2 * lines.images * lines.lines * length,
    },
  ];
}

/** Invocations for `places` of every line, arranged so that neighbors are neighbors in memory. */
function layout({ along, images, lines }: Lines, places: number): Pick<Step, "extent"> {
  return { extent: along === "rows" ? [places, lines, images] : [lines, places, images] };
}
