import { resolve } from "node:path";
import {
  evaluateImages,
  type ImageEvaluation,
  imagesToUpscale,
} from "../../../benchmark/image-evaluation.js";
import type { EvaluationItem } from "../../../benchmark/kernel-evaluation.js";
import type { Protocol } from "../../../benchmark/protocol.js";
import { cropImage } from "../../../image/crop-image.js";
import type { RgbImage } from "../../../image/rgb-image.js";
import { findTrueImages, HR_FOLDER } from "../../../node/image-io/benchmark-folder.js";
import { readImage } from "../../../node/image-io/read-image.js";
import type { Upscaler } from "../../../upscale/upscaler.js";
import type { RunDevice } from "../../shared/devices/run-device.js";
import { SteadyUpscaler } from "../../shared/devices/steady-tools.js";
import { UsageError } from "../../shared/errors.js";
import { type ChosenUpscaler, readUpscalerFor, type UpscalerOptions } from "../../shared/methods/upscaler.js";
import { InputError } from "../../shared/read-input.js";
import { openProgress } from "../../shared/terminal/progress.js";
import { weightsJson } from "../../shared/weights/weights-files.js";
import type { Estimates } from "./kernels.js";

/** The options of `metakernelgan evaluate` about upscaled images. */
export interface EvaluateImagesOptions extends UpscalerOptions {
  readonly data: string;
  /** Numbers of steps after which to upscale; `true` for the last one. */
  readonly images?: true | readonly number[];
  readonly hr?: string;
  readonly sigma?: number;
}

/** Everything needed to evaluate upscaled images. */
export interface ImagesPlan {
  readonly steps: readonly number[];
  readonly upscaler: ChosenUpscaler;
  readonly sigma: number;
  /** The true image of each item. */
  readonly trueImages: readonly (() => Promise<RgbImage>)[];
}

/** The scores of an evaluation's images. */
export interface EvaluatedImages {
  readonly images: readonly ImageEvaluation[];
  readonly mean: ImageEvaluation;
}

/**
 * The numbers of steps after which images are upscaled.
 * @param compared the numbers of steps after which kernels are compared; none if nothing is estimated.
 * @returns undefined if no images are asked for.
 * @throws {UsageError} if an option is about images and none are asked for, or a step is not among those compared.
 */
export function imageSteps(
  { images, hr, model, upscalerWeights, sigma }: EvaluateImagesOptions,
  compared: readonly number[],
): readonly number[] | undefined {
  if (images === undefined) {
    const options = Object.entries({ hr, model, "upscaler-weights": upscalerWeights, sigma });
    const useless = options.find(([, value]) => value !== undefined);
    if (useless)
      throw new UsageError(`--${useless[0]} is about upscaled images: leave it out, or give --images.`);
    return undefined;
  }
  if (images === true) return compared.length > 0 ? [Math.max(...compared)] : [];
  const unknown = images.find((step) => !compared.includes(step));
  if (unknown === undefined) return images;
  throw new UsageError(`--images names step ${unknown}, which is not among those compared.`);
}

/**
 * Reads everything that upscaling needs, and each true image once.
 * @throws {FolderError} if a true image is missing.
 * @throws {InputError} if one cannot be used.
 */
export async function planImages(
  options: EvaluateImagesOptions,
  items: readonly EvaluationItem[],
  steps: readonly number[],
  { scale, signal }: { scale: 2 | 4; signal: AbortSignal },
): Promise<ImagesPlan> {
  const { data, hr, sigma = 0 } = options;
  const upscaler = await readUpscalerFor(scale, options);
  const paths = await findTrueImages(
    items.map(({ name }) => name),
    resolve(data, hr ?? HR_FOLDER),
  );
  const trueImages: (() => Promise<RgbImage>)[] = [];
  for (const [index, item] of items.entries()) {
    const path = paths[index];
    const trueImage = async () => cropToScale(path, (await readImage(path)).rgb, await item.image(), scale);
    // Its faults must show now, and not after hours of work.
    await trueImage();
    trueImages.push(trueImage);
    signal.throwIfAborted();
  }
  return { steps, upscaler, sigma, trueImages };
}

/** A run that is over sooner prints no lines about its progress. */
const QUIET_MS = 10_000;

/**
 * Upscales all images, with a progress bar.
 * @param estimates the estimated kernels of each item.
 */
export async function runImages(
  device: RunDevice<{ readonly upscaler?: Upscaler }>,
  { sigma, trueImages }: ImagesPlan,
  items: readonly EvaluationItem[],
  estimates: readonly Estimates[],
  { scale, protocol, signal }: { scale: 2 | 4; protocol: Protocol; signal: AbortSignal },
): Promise<EvaluatedImages> {
  const work = items.map((item, index) => ({
    images: async () => ({ lr: await item.image(), hr: await trueImages[index]() }),
    trueKernel: item.kernel,
    estimates: estimates[index],
  }));
  const progress = await openProgress({ total: imagesToUpscale(work), quietMs: QUIET_MS });
  const upscaler = new SteadyUpscaler(device, (tools) => tools.upscaler as Upscaler, progress.say);
  try {
    return await evaluateImages(upscaler, work, {
      scale,
      sigma,
      protocol,
      signal,
      onProgress: (images) => progress.update(images, "upscaling"),
    });
  } finally {
    progress.stop();
  }
}

/** How the images were upscaled, for `--json`. */
export function upscalingJson({ upscaler, sigma }: ImagesPlan): Record<string, unknown> {
  return { model: upscaler.model, upscalerWeights: weightsJson(upscaler.weights), sigma };
}

/** The part of a true image from which the low-resolution image was made. */
function cropToScale(path: string, hr: RgbImage, lr: RgbImage, scale: number): RgbImage {
  if (Math.floor(hr.width / scale) !== lr.width || Math.floor(hr.height / scale) !== lr.height) {
    throw new InputError(
      `${path} has ${hr.width}×${hr.height} pixels, so the low-resolution image of ${lr.width}×${lr.height} was not made from it at ×${scale}.`,
    );
  }
  return cropImage(hr, { left: 0, top: 0, width: lr.width * scale, height: lr.height * scale });
}
