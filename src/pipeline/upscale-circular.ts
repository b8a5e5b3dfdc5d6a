import { rollImage, rollPlanes } from "../image/circular/roll-image.js";
import { wrapAround } from "../image/circular/wrap-around.js";
import { cropImage } from "../image/crop-image.js";
import { type Offset, upscaleBicubic } from "../image/resize/bicubic.js";
import { type RgbImage, rgbImage } from "../image/rgb-image.js";
import { textureOrigin } from "./texture-origin.js";
import {
  type PhotoTools,
  type UpscaledPhoto,
  type UpscalePhotoOptions,
  upscalePhoto,
} from "./upscale-photo.js";

/** More pixels than a cubic convolution sees to each side. */
const REACH = 4;

/**
 * Upscales an image whose opposite sides meet, such as a texture. Rolling it rolls the picture: also what is read off it depends on
 * where it begins, and so it is read, and upscaled, from an origin that rolls with it.
 * @param options their `boundary` does not count.
 * @throws as {@link upscalePhoto}.
 */
export async function upscaleCircular(
  tools: PhotoTools,
  image: RgbImage,
  options: UpscalePhotoOptions,
): Promise<UpscaledPhoto> {
  const { alpha } = options;
  const origin = textureOrigin(image);
  const upscaled = await upscalePhoto(tools, rollImage(image, origin), {
    ...options,
    alpha: alpha && rollPlanes(alpha, image, origin),
    boundary: "circular",
  });
  const { picture } = upscaled;
  const scale = picture.width / image.width;
  const back = { row: -origin.row * scale, column: -origin.column * scale };
  return {
    ...upscaled,
    picture: rollImage(picture, back),
    ...(alpha ? { alpha: enlargedAlpha(alpha, image, scale, upscaled.offset) } : {}),
  };
}

/** Opposite sides meet here, too. */
function enlargedAlpha(
  alpha: Float32Array,
  { width, height }: RgbImage,
  scale: number,
  offset: Offset,
): Float32Array {
  const around = wrapAround(rgbImage(width, height, threeTimes(alpha)), REACH);
  const inner = { left: REACH * scale, top: REACH * scale, width: width * scale, height: height * scale };
  const { data } = cropImage(upscaleBicubic(around, scale, offset), inner);
  return data.slice(0, data.length / 3);
}

function threeTimes(plane: Float32Array): Float32Array {
  const planes = new Float32Array(3 * plane.length);
  for (const i of [0, 1, 2]) planes.set(plane, i * plane.length);
  return planes;
}
