import type { RandomStream } from "../../../engine/random.js";
import { shrink } from "../../../image/resize/shrink.js";
import { type RgbImage, rgbImage } from "../../../image/rgb-image.js";
import { roundToBytes } from "../../../image/round-to-bytes.js";
import { toLinear, toSrgb } from "../../../image/srgb.js";
import { blurAndSample } from "../../blur-and-sample.js";
import { type BlurKernel, blurKernel } from "../../blur-kernel.js";
import { lensKernel } from "../../families/lens-kernel.js";
import { naturalKernel } from "../../natural-kernel.js";
import type { OddKernel } from "../../odd-kernel.js";
import { mosaic } from "./bayer.js";
import { demosaic } from "./demosaic.js";
import { denoised, sharpened } from "./finish.js";
import type { CameraRecipe } from "./recipe.js";
import { addSensorNoise } from "./sensor-noise.js";

/** A photo before JPEG. */
export interface CameraPhoto {
  /** In 8 bits, of exactly 1 / scale of the sides. */
  readonly image: RgbImage;
  /** The blur in linear light, on the natural grid: with the mean over the sensor's pixels, and over what a resizing makes of them. */
  readonly kernel: BlurKernel<"correlation">;
}

/** The light that reaches a sensor: one degradation, of which several photos can be made. */
export interface Exposure {
  /** Linear light per pixel of the sensor, without noise. */
  readonly light: RgbImage;
  /** Of the finished photo, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly kernel: BlurKernel<"correlation">;
}

/**
 * What a camera makes of a scene: blur and mean over the sensor's pixels in linear light, mosaic, noise, demosaicing, back to sRGB,
 * denoising, unsharp masking, 8 bits, resizing. JPEG is left to the caller, with `recipe.qualities`.
 * @param scene of which a multiple of `scale` is used, from the top left.
 * @param random draws one normal value for each of the sensor's pixels.
 */
export function takePhoto(
  scene: RgbImage,
  recipe: CameraRecipe,
  scale: number,
  random: RandomStream,
): CameraPhoto {
  const exposure = expose(scene, recipe, scale);
  return { image: develop(exposure, recipe, random), kernel: exposure.kernel };
}

/** The first half of {@link takePhoto}, which depends on `blur` and `resize` of the recipe alone. */
export function expose(
  scene: RgbImage,
  { blur, resize }: Pick<CameraRecipe, "blur" | "resize">,
  scale: number,
): Exposure {
  const scenery = linearPart(scene, scale);
  const [width, height] = [scenery.width / scale, scenery.height / scale];
  const lens = lensKernel(blur);
  const kernel = naturalKernel(lens, scale, scale * resize);
  const light =
    resize === 1
      ? blurAndSample(scenery, kernel, scale)
      : finerSensor(scenery, lens, Math.round(width / resize), Math.round(height / resize));
  return { light, width, height, kernel };
}

/**
 * The second half of {@link takePhoto}: the photo of an exposure in 8 bits, without JPEG.
 * @param random none for a photo without noise.
 */
export function develop(
  { light, width, height }: Exposure,
  recipe: CameraRecipe,
  random?: RandomStream,
): RgbImage {
  const values = mosaic(light, recipe.phase);
  if (random) addSensorNoise(values, recipe.noise, random);
  const image = finished(demosaic(values, light.width, light.height, recipe.phase, recipe.demosaic), recipe);
  return recipe.resize === 1 ? image : roundToBytes(shrink(image, width, height));
}

/** Mean over pixels of a sensor that has more of them than the photo will have in the end. */
function finerSensor(light: RgbImage, { values }: OddKernel, width: number, height: number): RgbImage {
  return shrink(blurAndSample(light, blurKernel(values, 1), 1), width, height);
}

/** The camera's own processing of what it has seen. */
function finished({ width, height, data }: RgbImage, { denoising, unsharp }: CameraRecipe): RgbImage {
  let image = rgbImage(
    width,
    height,
    data.map((value) => toSrgb(Math.min(Math.max(value, 0), 1))),
  );
  if (denoising) image = denoised(image, denoising);
  if (unsharp > 0) image = sharpened(image, unsharp);
  return roundToBytes(image);
}

/** The light of an image whose sides are multiples of the scale, cut off at the right and bottom. */
function linearPart({ width, height, data }: RgbImage, scale: number): RgbImage {
  const [w, h] = [width - (width % scale), height - (height % scale)];
  const light = new Float32Array(3 * w * h);
  for (let line = 0; line < 3 * h; line++) {
    const source = (Math.floor(line / h) * height + (line % h)) * width;
    for (let x = 0; x < w; x++) light[line * w + x] = toLinear(data[source + x]);
  }
  return rgbImage(w, h, light);
}
