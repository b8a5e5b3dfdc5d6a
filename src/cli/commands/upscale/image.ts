import { isGray, toGray } from "../../../image/gray.js";
import { onWhite } from "../../../image/on-white.js";
import { upscaleBicubic } from "../../../image/resize/bicubic.js";
import type { RgbImage } from "../../../image/rgb-image.js";
import { besideWidth, sideBySide } from "../../../image/side-by-side.js";
import type { BlurKernel } from "../../../kernel/blur-kernel.js";
import { checkImageSize, imageFormatOf } from "../../../node/image-io/image-format.js";
import { enlargedMetadata } from "../../../node/image-io/metadata/enlarged-metadata.js";
import {
  type DecodedImage,
  decodeImage,
  MAX_IMAGE_BYTES,
  readImage,
} from "../../../node/image-io/read-image.js";
import { encodeImage, lossesOf, writeImage } from "../../../node/image-io/write-image.js";
import { upscaleCircular } from "../../../pipeline/upscale-circular.js";
import {
  type FoundKernel,
  type PhotoProgress,
  type PhotoTools,
  type UpscaledPhoto,
  upscalePhoto,
} from "../../../pipeline/upscale-photo.js";
import { assertUpscalable } from "../../../upscale/tiles/limits.js";
import type { UpscalePlan } from "../../../upscale/upscaler.js";
import { readStandardInput, STREAM, STREAM_NAME, writeOutput } from "../../shared/files/standard-streams.js";
import { blurText } from "../../shared/terminal/kernel-text.js";
import { sumNote } from "../../shared/terminal/sum-note.js";
import type { UpscaleJob } from "./files.js";
import type { UpscaleInputs } from "./inputs.js";
import { planText } from "./plan-text.js";

/** A finished image; plain data. */
export interface UpscaleRecord {
  readonly job: UpscaleJob;
  /** Side lengths of the image that was read. */
  readonly width: number;
  readonly height: number;
  readonly kernel: BlurKernel;
  /** Noise level told to the upscaler, in 255ths. */
  readonly sigma: number;
  readonly plan: UpscalePlan;
  readonly milliseconds: { readonly estimate: number; readonly upscale: number };
  readonly notes: readonly string[];
}

/** An image before and after, on a white background. */
export interface Pictures {
  /** Enlarged by cubic convolution, aligned with the other. */
  readonly before: RgbImage;
  readonly after: RgbImage;
}

/** Options of {@link upscaleImage}. */
export interface UpscaleImageOptions {
  readonly signal: AbortSignal;
  /** Called with a line for the user. */
  readonly say: (text: string) => void;
  readonly onProgress: (progress: PhotoProgress) => void;
  /** Called with the pictures before anything is written. */
  readonly onPictures?: (pictures: Pictures, record: UpscaleRecord) => Promise<void>;
}

/**
 * Reads an image and checks that it can be upscaled and written, before a device is opened.
 * @throws {ImageError} if it cannot be read.
 * @throws {UpscaleError} if the result would be too large.
 */
export async function readUsableImage(
  { path, format, compare }: UpscaleJob,
  { scale }: UpscaleInputs,
): Promise<DecodedImage> {
  const image =
    path === STREAM
      ? await decodeImage(STREAM_NAME, await readStandardInput(MAX_IMAGE_BYTES))
      : await readImage(path);
  assertUpscalable(image, scale);
  const [width, height] = [image.width * scale, image.height * scale];
  checkImageSize(format, width, height);
  const compareFormat = compare === undefined ? undefined : imageFormatOf(compare);
  if (compareFormat) checkImageSize(compareFormat, besideWidth(width), height);
  return image;
}

/** Upscales an image and writes the results. */
export async function upscaleImage(
  tools: PhotoTools,
  image: DecodedImage,
  job: UpscaleJob,
  { scale, sigma, boundary, align, tile, kernel: given, estimate }: UpscaleInputs,
  { signal, say, onProgress, onPictures }: UpscaleImageOptions,
): Promise<UpscaleRecord> {
  const notes = [...image.notes, ...lossesOf(image, job.format).map((loss) => `${job.out}: ${loss}`)];
  for (const note of notes) say(note);
  // The benchmarks take images as they lie.
  const rolls = boundary === "circular" && align === "photo";
  const upscaled = await (rolls ? upscaleCircular : upscalePhoto)(tools, image.rgb, {
    boundary,
    scale,
    alpha: image.alpha,
    given,
    steps: estimate?.steps,
    seed: estimate?.seed,
    sigma,
    align,
    tile,
    signal,
    onKernel: ({ kernel, assumed }) => {
      const note = assumed && assumedText(job.path, image, kernel, assumed);
      const sum = !given && align === "photo" && sumNote(`${job.path}: the estimated kernel`, kernel);
      for (const each of [note, sum]) {
        if (!each) continue;
        say(each);
        notes.push(each);
      }
    },
    onPlan: (made) => say(planText(job.path, image, made)),
    onProgress,
  });
  const { kernel, sigma: told, plan, milliseconds } = upscaled;
  const record: UpscaleRecord = {
    job,
    width: image.width,
    height: image.height,
    kernel,
    sigma: told,
    plan,
    milliseconds: { estimate: milliseconds.prepare + milliseconds.kernel, upscale: milliseconds.picture },
    notes,
  };
  await writeResults(image, upscaled, record, onPictures);
  return record;
}

/** Why a default kernel stands for an estimate, in a sentence. */
function assumedText(
  path: string,
  { width, height, alpha }: DecodedImage,
  kernel: BlurKernel,
  assumed: NonNullable<FoundKernel["assumed"]>,
): string {
  if (assumed === "flat") {
    return `${path} has one color throughout, and so has the result${alpha ? "; its transparency is enlarged" : ""}.`;
  }
  if (assumed === "drawn") {
    return `${path} is a sharp drawing, which hardly shows a blur; it counts as ${blurText(kernel)}.`;
  }
  const lack = assumed === "small" ? `${width}×${height} pixels, too few` : "too few opaque pixels";
  return `${path} has ${lack} to estimate its blur; it counts as ${blurText(kernel)}.`;
}

/** Writes the picture with the image's grayness, transparency and metadata, and the comparison. */
async function writeResults(
  image: DecodedImage,
  { picture, alpha, offset }: UpscaledPhoto,
  record: UpscaleRecord,
  onPictures: UpscaleImageOptions["onPictures"],
): Promise<void> {
  const { job } = record;
  const { bitDepth, gray, metadata } = image;
  const scale = picture.width / image.width;
  const rgb = isGray(image.rgb) ? toGray(picture) : picture;
  const enlarged = enlargedMetadata(metadata, rgb.width, rgb.height, scale);
  const file = await encodeImage({ rgb, alpha, bitDepth, gray, metadata: enlarged }, job.format);
  if (job.compare === undefined && !onPictures) return writeOutput(job.out, file);
  const pictures = onPaper(upscaleBicubic(image.rgb, scale, offset), rgb, alpha);
  await onPictures?.(pictures, record);
  await writeOutput(job.out, file);
  if (job.compare === undefined) return;
  const compared = sideBySide(pictures.before, pictures.after);
  await writeImage(job.compare, { rgb: compared, gray, metadata: { icc: metadata.icc } });
}

function onPaper(before: RgbImage, after: RgbImage, alpha: Float32Array | undefined): Pictures {
  return alpha ? { before: onWhite(before, alpha), after: onWhite(after, alpha) } : { before, after };
}
