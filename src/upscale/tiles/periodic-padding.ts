import { interpolate, type Mixture } from "../../image/resize/interpolate.js";

/** The smallest number of pixels added between an image's last column and its first. */
const MIN_PADDING = 32;

/** So many of them continue their own side alone: what lies at the far side of an image or a tile must not show at this one. */
const UNMIXED = 10;

/**
 * The length of a side after padding: its prime factors are 2, 3 and 5 only, so that its Fourier transform is fast.
 * @param least the smallest number of pixels that are added.
 */
export function periodicLength(length: number, least = MIN_PADDING): number {
  let extended = length + Math.max(least, MIN_PADDING);
  while (!isSmooth(extended)) extended++;
  return extended;
}

function isSmooth(length: number): boolean {
  let rest = length;
  for (const factor of [2, 3, 5]) while (rest % factor === 0) rest /= factor;
  return rest === 1;
}

/**
 * Continues planes [3, height, width] to the right and below, so that the end fades into the beginning: mirror images of
 * both, weighted by a cosine in the middle. Without the padding, a circular deconvolution would meet a hard edge there, and ring.
 */
export function padPeriodically(
  planes: Float32Array,
  [height, width]: readonly [number, number],
  [extendedHeight, extendedWidth]: readonly [number, number],
): Float32Array {
  return interpolate(
    planes,
    { width, height },
    sources(height, extendedHeight),
    sources(width, extendedWidth),
  );
}

/** Of which two pixels of a side each of the longer one is made, and how much of the second. */
function sources(length: number, extended: number): Mixture[] {
  const more = extended - length;
  const last = length - 1;
  return Array.from({ length: extended }, (_, i) => {
    if (i < length) return { first: i, second: i, share: 0 };
    const beyond = i - length;
    const way = (beyond + 0.5 - UNMIXED) / (more - 2 * UNMIXED);
    const share = (1 - Math.cos(Math.PI * Math.min(Math.max(way, 0), 1))) / 2;
    return { first: Math.max(last - beyond, 0), second: Math.min(more - 1 - beyond, last), share };
  });
}
