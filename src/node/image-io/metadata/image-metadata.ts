import type { PngChunk } from "./png-chunks.js";

/** How closely the pixels of an image lie. */
export interface Density {
  /** Pixels along the width: in an inch or, without a unit, in the length that has `y` pixels along the height. */
  readonly x: number;
  readonly y: number;
  /** "none" where a file says only that its pixels are not square. */
  readonly unit: "inch" | "none";
}

/** What a file that is made of the image should carry too. */
export interface ImageMetadata {
  /** Color profile that the values belong to, of a gray image a gray one; absent for sRGB or unspecified. */
  readonly icc?: Uint8Array;
  /** EXIF block with the orientation set to upright. */
  readonly exif?: Uint8Array;
  /** XMP packet, its orientation and sizes those of the upright picture. */
  readonly xmp?: Uint8Array;
  /** Absent if the file does not say it. */
  readonly density?: Density;
  /** Chunks of a PNG file that say what its numbers mean, such as gAMA, cHRM and cICP. */
  readonly colorChunks?: readonly PngChunk[];
}
