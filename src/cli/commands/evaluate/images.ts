import { resolve } from "node:path";
import {
  evaluateImages,
  type ImageEvaluation,
  imagesToUpscale,
} from "../../../benchmark/image-evaluation.js";
import type { EvaluationItem } from "../../../benchmark/kernel-evaluation.js";
import type { Engine } from "../../../engine/engine.js";
import { cropImage } from "../../../image/crop-image.js";
import type { RgbImage } from "../../../image/rgb-image.js";
import { findTrueImages } from "../../../node/files/benchmark-folder.js";
import { readImage } from "../../../node/image-io/read-image.js";
import type { Protocol } from "../../../upscale/protocol.js";
import { UsageError } from "../../shared/errors.js";
import { type ChosenUpscaler, readUpscaler } from "../../shared/methods/upscaler.js";
import type { UpscalerName } from "../../shared/methods/upscaler-names.js";
import { InputError } from "../../shared/read-input.js";
import { openUpscaleProgress } from "../../shared/terminal/upscale-progress.js";
import { weightsJson } from "../../shared/weights/weights-files.js";
import type { Estimates } from "./kernels.js";

/** The options of `metakernelgan evaluate` about upscaled images. */
export interface EvaluateImagesOptions {
  readonly data: string;
  /** After which steps to upscale; `true`: after the last. */
  readonly images?: true | readonly number[];
  readonly hr?: string;
  readonly model?: UpscalerName;
  readonly modelWeights?: string;
  readonly sigma?: number;
}

/** What is needed to evaluate upscaled images. */
export interface ImagesPlan {
  readonly steps: readonly number[];
  readonly upscaler: ChosenUpscaler;
  readonly sigma: number;
  /** Of each item, by its place. */
  readonly trueImages: readonly (() => Promise<RgbImage>)[];
}

/** What was found of an evaluation's images. */
export interface EvaluatedImages {
  readonly images: readonly ImageEvaluation[];
  readonly mean: ImageEvaluation;
}

/** Folder of the true images, within that of the benchmark. */
const HR_FOLDER = "HR";

/**
 * After which steps images are upscaled.
 * @param compared after which the kernels are compared; none if nothing is estimated.
 * @returns undefined if images are not asked for.
 * @throws {UsageError} if an option has no use, or a step is not among those compared.
 */
export function imageSteps(
  { images, hr, model, modelWeights, sigma }: EvaluateImagesOptions,
  compared: readonly number[],
): readonly number[] | undefined {
  if (images === undefined) {
    const options = Object.entries({ hr, model, "model-weights": modelWeights, sigma });
    const useless = options.find(([, value]) => value !== undefined);
    if (useless) throw new UsageError(`--${useless[0]} is about upscaled images, so it goes with --images.`);
    return undefined;
  }
  if (images === true) return compared.length > 0 ? [Math.max(...compared)] : [];
  const unknown = images.find((step) => !compared.includes(step));
  if (unknown === undefined) return images;
  throw new UsageError(`--images names step ${unknown}, which is not among those compared.`);
}

/**
 * Reads all that upscaling takes, and each true image once.
 * @throws {FolderError} if a true image is missing.
 * @throws {InputError} if one cannot be used.
 */
export async function planImages(
  { data, hr, model, modelWeights, sigma = 0 }: EvaluateImagesOptions,
  items: readonly EvaluationItem[],
  steps: readonly number[],
  { scale, signal }: { scale: 2 | 4; signal: AbortSignal },
): Promise<ImagesPlan> {
  const upscaler = await readUpscaler(model, modelWeights, "--model-weights");
  const paths = await findTrueImages(
    items.map(({ name }) => name),
    resolve(data, hr ?? HR_FOLDER),
  );
  const trueImages: (() => Promise<RgbImage>)[] = [];
  for (const [index, item] of items.entries()) {
    const path = paths[index];
    const trueImage = async () => cropToScale(path, (await readImage(path)).rgb, await item.image(), scale);
    // What is wrong with it is to be known before hours of work.
    await trueImage();
    trueImages.push(trueImage);
    signal.throwIfAborted();
  }
  return { steps, upscaler, sigma, trueImages };
}

/**
 * Upscales all images, with a progress bar.
 * @param estimates of each item.
 */
export async function runImages(
  engine: Engine,
  { upscaler, sigma, trueImages }: ImagesPlan,
  items: readonly EvaluationItem[],
  estimates: readonly Estimates[],
  { scale, protocol, signal }: { scale: 2 | 4; protocol: Protocol; signal: AbortSignal },
): Promise<EvaluatedImages> {
  const work = items.map((item, index) => ({
    images: async () => ({ lr: await item.image(), hr: await trueImages[index]() }),
    trueKernel: item.kernel,
    estimates: estimates[index],
  }));
  const progress = await openUpscaleProgress(imagesToUpscale(work));
  const model = await upscaler.create(engine);
  try {
    return await evaluateImages(model, work, {
      scale,
      sigma,
      protocol,
      signal,
      onProgress: (images) => progress.update(Math.floor(images), "upscaling", images % 1),
    });
  } finally {
    progress.stop();
    model.dispose();
  }
}

/** What `--json` says of how the images were upscaled. */
export function upscalingJson({ upscaler, sigma }: ImagesPlan): Record<string, unknown> {
  return { model: upscaler.model, modelWeights: weightsJson(upscaler.weights), sigma };
}

/** What is left of a true image when it was cropped to be made smaller. */
function cropToScale(path: string, hr: RgbImage, lr: RgbImage, scale: number): RgbImage {
  if (Math.floor(hr.width / scale) !== lr.width || Math.floor(hr.height / scale) !== lr.height) {
    throw new InputError(
      `${path} is ${hr.width}×${hr.height}, so it is not what an image of ${lr.width}×${lr.height} was made of at ×${scale}.`,
    );
  }
  return cropImage(hr, { left: 0, top: 0, width: lr.width * scale, height: lr.height * scale });
}
