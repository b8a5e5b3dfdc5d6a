import type { UpscalePlan } from "../../../upscale/upscaler.js";

/** The work on an image in words, before it begins. */
export function planText(
  path: string,
  image: { readonly width: number; readonly height: number },
  { tiles, width, height, bytes }: UpscalePlan,
): string {
  const sizes = `${image.width}×${image.height} to ${width}×${height} pixels`;
  return `${path}: ${sizes} in ${tilesText(tiles)}, with ${memoryText(bytes)} of GPU memory.`;
}

/** A number of tiles in words. */
export function tilesText(tiles: number): string {
  return `${tiles} ${tiles === 1 ? "tile" : "tiles"}`;
}

/** An amount of memory in words. */
export function memoryText(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
