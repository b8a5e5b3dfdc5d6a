import type { RandomStream } from "../engine/random.js";
import { cropImage } from "../image/crop-image.js";
import { shrink } from "../image/resize/shrink.js";
import type { RgbImage } from "../image/rgb-image.js";
import { roundToBytes } from "../image/round-to-bytes.js";
import { transposeImage } from "../image/transpose-image.js";

/** Part of the pictures whose photo is made smaller first, and by how much at most. */
const SHRUNK = 0.6;
const MIN_SHRUNK = 0.5;

/**
 * A part of a photo of at least that size, turned so that it lies as asked, and made smaller at random: by how much
 * decides how sharp it is.
 */
export function photoPart(
  images: readonly RgbImage[],
  width: number,
  height: number,
  random: RandomStream,
): RgbImage {
  const fitting = images.filter((image) => {
    const [long, short] = [Math.max(image.width, image.height), Math.min(image.width, image.height)];
    return long >= Math.max(width, height) && short >= Math.min(width, height);
  });
  // A large photo holds several parts.
  let total = 0;
  const cumulative = fitting.map((image) => {
    total += Math.sqrt((image.width * image.height) / (width * height));
    return total;
  });
  const chosen = fitting[random.choice(cumulative)];
  const turns = chosen.width >= chosen.height !== width >= height;
  const photo = turns ? transposeImage(chosen) : chosen;
  const least = Math.max(width / photo.width, height / photo.height);
  const factor = random.uniform() < SHRUNK ? random.uniformIn(Math.max(least, MIN_SHRUNK), 1) : 1;
  const source = {
    width: Math.min(photo.width, Math.round(width / Math.max(factor, least))),
    height: Math.min(photo.height, Math.round(height / Math.max(factor, least))),
  };
  const left = Math.floor((photo.width - source.width + 1) * random.uniform());
  const top = Math.floor((photo.height - source.height + 1) * random.uniform());
  const part = cropImage(photo, { left, top, ...source });
  if (source.width === width && source.height === height) return part;
  return roundToBytes(shrink(part, width, height));
}
