import type { RandomStream } from "../../engine/random.js";
import { ImageError } from "../errors.js";
import type { RgbImage } from "../rgb-image.js";
import { gradientMap } from "./gradient-map.js";
import { probabilityMap } from "./probability-map.js";

export interface SampleOptions {
  /** How many patches. */
  readonly count: number;
  /** Side of the square patches in pixels. */
  readonly size?: number;
  readonly random: RandomStream;
}

/**
 * Draws patches, mostly where the image has strong gradients, independently of each other.
 * @returns `[count, 2]` numbers: top and left of each patch, even, the whole patch inside the image.
 * @throws {ImageError} if the image is smaller than a patch.
 */
export function samplePatches(image: RgbImage, { count, size = 64, random }: SampleOptions): Int32Array {
  const { width, height } = image;
  if (Math.min(width, height) < size) {
    throw new ImageError(`Patches of ${size}×${size} do not fit into an image of ${width}×${height}.`);
  }
  const cumulative = probabilityMap(gradientMap(image), height, width, size);
  for (let i = 1; i < cumulative.length; i++) cumulative[i] += cumulative[i - 1];

  const corners = new Int32Array(2 * count);
  for (let i = 0; i < count; i++) {
    corners.set(patchCorner(random.choice(cumulative), height, width, size), 2 * i);
  }
  return corners;
}

/** Top and left of the patch around a pixel (its index in the image), moved into the image and then made even. */
export function patchCorner(center: number, height: number, width: number, size: number): [number, number] {
  const corner = (position: number, length: number) => {
    const start = Math.min(Math.max(position - Math.floor(size / 2), 0), length - size);
    return start - (start % 2);
  };
  return [corner(Math.floor(center / width), height), corner(center % width, width)];
}
