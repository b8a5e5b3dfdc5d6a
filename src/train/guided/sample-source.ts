import type { RandomStream } from "../../engine/random.js";
import { cutPatch, type Patch, type SampleSize, type StoredSample } from "./patch.js";
import type { LearnedPhotos } from "./photos-settings.js";

/** Part of the patches of which no more than the noise is told, as at ×4 or where a kernel is given. */
const UNKNOWN = 0.1;

/**
 * Between which probabilities that a camera took a photo weights learn from it: more than they are used for, which is a probability
 * above and below 0.5.
 */
const LEARNED: Readonly<Record<LearnedPhotos, readonly [least: number, most: number]>> = {
  all: [0, 1],
  camera: [0.35, 1],
  other: [0, 0.65],
};

/** A file of samples of one size. */
export interface SampleFile extends SampleSize {
  readonly count: number;
  /** Of each sample: the probability that a camera took it. */
  readonly cameras: readonly number[];
  read(index: number): StoredSample;
}

/** Samples to learn from, and samples to measure on. */
export interface SampleData {
  readonly samples: readonly SampleFile[];
  readonly heldOut: readonly SampleFile[];
}

/** Whether weights for these photos learn from one that a camera took with a probability. */
export function isLearned(photos: LearnedPhotos, camera: number): boolean {
  const [least, most] = LEARNED[photos];
  return camera >= least && camera <= most;
}

/** Cuts a square patch out of a sample for these photos, both drawn at random, and turns it at random. */
export function randomPatch(
  files: readonly SampleFile[],
  side: number,
  random: RandomStream,
  photos: LearnedPhotos,
): Patch {
  const whole = (below: number): number => Math.floor(below * random.uniform());
  // Of which nothing is known, a photo counts as another than a camera's.
  const unknown = photos !== "camera" && random.uniform() < UNKNOWN;
  let file: SampleFile;
  let index: number;
  do {
    file = files[whole(files.length)] as SampleFile;
    index = whole(file.count);
  } while (!unknown && !isLearned(photos, file.cameras[index] as number));
  const [top, left] = [whole(file.height - side + 1), whole(file.width - side + 1)];
  const [mirrored, flipped, transposed] = [random, random, random].map((r) => r.uniform() < 0.5);
  const cut = { top, left, height: side, width: side, mirrored, flipped, transposed, unknown };
  return cutPatch(file.read(index), file, cut);
}
