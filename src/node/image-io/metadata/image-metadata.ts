import type { PngChunk } from "./png-chunks.js";

/** What a file that is made of the image should carry too. */
export interface ImageMetadata {
  /** Color profile that the values belong to, of a gray image a gray one; absent for sRGB or unspecified. */
  readonly icc?: Uint8Array;
  /** EXIF block with the orientation set to upright. */
  readonly exif?: Uint8Array;
  /** XMP packet, its orientation and sizes those of the upright picture. */
  readonly xmp?: Uint8Array;
  /** Pixels in an inch; absent if the file does not say so. */
  readonly density?: number;
  /** Chunks of a PNG file that say what its numbers mean: gAMA, cHRM, cICP. */
  readonly colorChunks?: readonly PngChunk[];
}
