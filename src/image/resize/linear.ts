import { interpolate, type Mixture } from "./interpolate.js";

/**
 * Enlarges planes, one after the other, by linear interpolation between the middles of their pixels, the border pixels repeated
 * outward.
 */
export function enlargeLinearly(
  planes: Float32Array | Float64Array,
  size: { readonly width: number; readonly height: number },
  scale: number,
): Float32Array {
  return interpolate(planes, size, between(size.height, scale), between(size.width, scale));
}

function between(length: number, scale: number): Mixture[] {
  return Array.from({ length: length * scale }, (_, i) => {
    const place = Math.min(Math.max((i + 0.5) / scale - 0.5, 0), length - 1);
    const first = Math.floor(place);
    return { first, second: Math.min(first + 1, length - 1), share: place - first };
  });
}
