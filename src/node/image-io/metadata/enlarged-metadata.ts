import { uprightExif } from "./exif-block.js";
import type { ImageMetadata } from "./image-metadata.js";
import { xmpFor } from "./xmp-packet.js";

/** The metadata of an image for its enlargement: sizes are the new ones, and on paper it is as large as before. */
export function enlargedMetadata(
  metadata: ImageMetadata,
  width: number,
  height: number,
  scale: number,
): ImageMetadata {
  const { exif, xmp, density } = metadata;
  const more = density === undefined ? {} : { density: density * scale };
  return {
    ...metadata,
    ...more,
    ...(exif ? { exif: uprightExif(exif, { width, height, ...more }) } : {}),
    ...(xmp ? { xmp: xmpFor(xmp, width, height) } : {}),
  };
}
