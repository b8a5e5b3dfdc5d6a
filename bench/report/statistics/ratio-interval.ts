import { RandomStream } from "../../../src/engine/random.js";
import { median } from "./statistics.js";

/** The ratio of two medians, and an interval around it. */
export interface RatioInterval {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2000;
/** Successive samples share the machine's load, so they are drawn in blocks. */
const BLOCK = 3;
const SEED = 7;

/**
 * A bootstrap interval of median(now) ÷ median(before): the samples are drawn anew, in blocks of neighbors, many times.
 * @param confidence chance that the interval holds the true ratio, such as 0.95.
 * @param paired whether the samples were taken by turns, so that the same blocks are drawn of both.
 */
export function ratioInterval(
  before: readonly number[],
  now: readonly number[],
  confidence: number,
  paired = false,
): RatioInterval {
  const random = new RandomStream(SEED, 0);
  const ratio = median(now) / median(before);
  const ratios = Array.from({ length: RESAMPLES }, () => {
    const places = blocks(before.length, random);
    const others = paired && now.length === before.length ? places : blocks(now.length, random);
    return drawn(now, others) / drawn(before, places);
  }).sort((a, b) => a - b);
  // The outermost resamples stand for rarer ones too.
  const outside = Math.floor(((1 - confidence) / 2) * RESAMPLES);
  return { ratio, low: ratios[outside] as number, high: ratios.at(-1 - outside) as number };
}

/** Places of as many samples, in blocks that wrap around. */
function blocks(length: number, random: RandomStream): number[] {
  const places: number[] = [];
  while (places.length < length) {
    const first = Math.floor(random.uniform() * length);
    for (let i = 0; i < BLOCK && places.length < length; i++) places.push((first + i) % length);
  }
  return places;
}

function drawn(values: readonly number[], places: readonly number[]): number {
  return median(places.map((place) => values[place] as number));
}
