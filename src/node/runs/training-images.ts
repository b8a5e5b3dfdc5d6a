import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { ImageError } from "../../image/errors.js";
import type { RgbImage } from "../../image/rgb-image.js";
import type { CommonSettings, TrainingImages } from "../../train/training.js";
import { type TrainingImage, trainingImage } from "../../train/training-image.js";
import { readRegularFile } from "../files/read-file.js";
import { readFailure } from "../files/system-errors.js";
import { ALL_IMAGES } from "../image-io/image-folder.js";
import { MAX_IMAGE_BYTES, readImage } from "../image-io/read-image.js";
import type { DataSource, TrainingFiles } from "./data-source.js";

/**
 * Lists the image files in folders, but not in folders within those; sorted by name in each.
 * @throws {ImageError} if a folder cannot be read or has none.
 */
export async function listTrainingFiles(
  folders: readonly string[],
  signal?: AbortSignal,
): Promise<TrainingFiles> {
  const paths: string[] = [];
  const hash = createHash("sha256");
  for (const folder of folders) {
    const names = (await listFolder(folder))
      .filter((name) => ALL_IMAGES.endings.has(extname(name).toLowerCase()))
      .sort();
    if (names.length === 0)
      throw new ImageError(`${folder} has no images: give a folder of ${ALL_IMAGES.text} files.`);
    for (const name of names) {
      signal?.throwIfAborted();
      const path = join(folder, name);
      // A file that cannot be read is left out later, with a warning.
      const bytes = await readRegularFile(path, MAX_IMAGE_BYTES).catch(() => new Uint8Array());
      hash.update(`${name}\n${createHash("sha256").update(bytes).digest("hex")}\n`);
      paths.push(path);
    }
  }
  return { paths, heldOut: [], sha256: hash.digest("hex") };
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  } catch (cause) {
    throw new ImageError(`${folder} cannot be read: ${readFailure(cause, "folder")}.`, { cause });
  }
}

/** Images to learn from, and images held out for validation. */
interface TrainingSet {
  readonly training: readonly TrainingImage[];
  readonly heldOut: RgbImage[];
}

/** Options of {@link loadTrainingImages}. */
interface LoadOptions {
  /** Every so many-th image is kept for validation; 0 for none. */
  readonly holdOut: number;
  /** Side length of the crops to learn from. */
  readonly cropSize: number;
  readonly signal?: AbortSignal;
  /** Called for a file that is left out, with the reason. */
  readonly onSkip?: (reason: string) => void;
  readonly onProgress?: (files: number) => void;
}

/**
 * Reads images and prepares them. Files that are not images, or too small for a crop, are left out.
 * @throws {ImageError} if none is left to learn from.
 */
async function loadTrainingImages(
  { paths }: Pick<TrainingFiles, "paths">,
  { holdOut, cropSize, signal, onSkip, onProgress }: LoadOptions,
): Promise<TrainingSet> {
  const training: TrainingImage[] = [];
  const heldOut: RgbImage[] = [];
  for (const [index, path] of paths.entries()) {
    signal?.throwIfAborted();
    try {
      const { rgb, width, height } = await readImage(path);
      if (Math.min(width, height) < cropSize) {
        throw new ImageError(`${path} is smaller than ${cropSize}×${cropSize}: ${width}×${height}.`);
      }
      const usable = training.length + heldOut.length + 1;
      if (holdOut > 0 && usable % holdOut === 0) heldOut.push(rgb);
      else training.push(trainingImage(rgb, cropSize));
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      onSkip?.(error.message);
    }
    onProgress?.(index + 1);
  }
  if (training.length === 0) {
    throw new ImageError(
      `None of the ${paths.length} files is usable for training: give images of at least ${cropSize}×${cropSize} pixels.`,
    );
  }
  return { training, heldOut };
}

/** Folders of images, of which every so many-th is held out. */
export const IMAGE_SOURCE: DataSource<CommonSettings, TrainingImages> = {
  what: "images",
  list: ({ data }, signal) => listTrainingFiles(data, signal),
  load: async (files, { settings, ...options }) => {
    const { training, heldOut } = await loadTrainingImages(files, {
      ...options,
      holdOut: settings.holdOut ?? 0,
    });
    return {
      training: training.length,
      heldOut: heldOut.length,
      // A trainer that keeps smaller ones lets their memory go.
      take: () => ({ images: training, heldOut: heldOut.splice(0) }),
    };
  },
};
