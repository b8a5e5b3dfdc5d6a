import { ImageError } from "../../../../image/errors.js";
import type { RgbImage } from "../../../../image/rgb-image.js";
import { readImage } from "../../../../node/image-io/read-image.js";
import { listTrainingFiles } from "../../../../node/runs/training-images.js";
import { printLine } from "../../../shared/terminal/report.js";

/** Options that say which photos samples are made of. */
export interface PhotoChoice {
  readonly data: readonly string[];
  /** Every so many-th photo is left out; 0 for none. */
  readonly holdOut: number;
  /** Whether only the photos that are left out otherwise are wanted. */
  readonly heldOut?: boolean;
}

/**
 * The photos to learn from, or those held out.
 * @throws {ImageError} if none has the given size, lying or standing.
 */
export async function loadPhotos(
  { data, holdOut, heldOut = false }: PhotoChoice,
  { width, height }: { readonly width: number; readonly height: number },
  signal: AbortSignal,
): Promise<RgbImage[]> {
  const { paths } = await listTrainingFiles(data, signal);
  const wanted = paths.filter((_, i) => heldOut === (holdOut > 0 && i % holdOut === holdOut - 1));
  const images: RgbImage[] = [];
  for (const path of wanted) {
    signal.throwIfAborted();
    try {
      images.push((await readImage(path)).rgb);
    } catch (error) {
      printLine(`${(error as Error).message} It is left out.`);
    }
  }
  if (
    !images.some(
      (image) =>
        Math.max(image.width, image.height) >= width && Math.min(image.width, image.height) >= height,
    )
  ) {
    throw new ImageError(`No photo has at least ${width}×${height} pixels; give larger photos.`);
  }
  return images;
}
