import { enlargedDensity } from "./density.js";
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
  const { exif, xmp } = metadata;
  const density = metadata.density && enlargedDensity(metadata.density, scale);
  return {
    ...metadata,
    ...(density ? { density } : {}),
    ...(exif ? { exif: uprightExif(exif, { width, height, density }) } : {}),
    ...(xmp ? { xmp: xmpFor(xmp, { width, height, scale }) } : {}),
  };
}
