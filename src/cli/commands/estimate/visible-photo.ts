import { brightLevel, multiplied } from "../../../image/light/levels.js";
import { spreadColors } from "../../../image/light/spread-colors.js";
import type { DecodedImage } from "../../../node/image-io/read-image.js";
import { defaultKernel } from "../../../pipeline/default-kernel.js";
import { isSharpDrawing } from "../../../pipeline/sharp-drawing.js";
import { blurText } from "../../shared/terminal/kernel-text.js";

/** An image as `upscale` sees it: what lies under transparent pixels counts for nothing. */
export function visiblePhoto(image: DecodedImage): DecodedImage {
  return image.alpha ? { ...image, rgb: spreadColors(image.rgb, image.alpha) } : image;
}

/**
 * Says of a sharp drawing that `upscale` does not go by its spectrum.
 * @param path the image's file.
 * @throws {ImageError} if the image is too small for the spectrum.
 */
export function drawingNotes(path: string, { rgb, alpha }: DecodedImage, scale: 2 | 4): string[] {
  if (!isSharpDrawing(multiplied(rgb, 1 / brightLevel(rgb)), alpha)) return [];
  return [
    `${path} is a sharp drawing, which hardly shows a blur: upscale takes a kernel that is ${blurText(defaultKernel(scale))}.`,
  ];
}
