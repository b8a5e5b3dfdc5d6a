import type { RandomStream } from "../../engine/random.js";
import { cutPatch, type Patch, type SampleSize, type StoredSample } from "./patch.js";

/** Part of the patches of which no more than the noise is told, as at ×4 or where a kernel is given. */
const UNKNOWN = 0.1;

/** A file of samples of one size. */
export interface SampleFile extends SampleSize {
  readonly count: number;
  read(index: number): StoredSample;
}

/** Samples to learn from, and samples to measure on. */
export interface SampleData {
  readonly samples: readonly SampleFile[];
  readonly heldOut: readonly SampleFile[];
}

/** Cuts a square patch out of a sample, both drawn at random, and turns it at random. */
export function randomPatch(files: readonly SampleFile[], side: number, random: RandomStream): Patch {
  const whole = (below: number): number => Math.floor(below * random.uniform());
  const file = files[whole(files.length)] as SampleFile;
  const index = whole(file.count);
  const [top, left] = [whole(file.height - side + 1), whole(file.width - side + 1)];
  const [mirrored, flipped, transposed] = [random, random, random].map((r) => r.uniform() < 0.5);
  const unknown = random.uniform() < UNKNOWN;
  const cut = { top, left, height: side, width: side, mirrored, flipped, transposed, unknown };
  return cutPatch(file.read(index), file, cut);
}
