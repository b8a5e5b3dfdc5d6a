import type { KernelEstimator } from "../../../benchmark/kernel-evaluation.js";
import type { Engine } from "../../../engine/engine.js";
import { expectedUncertainty } from "../../../estimate/kernel-uncertainty.js";
import type { SpectralEstimator } from "../../../estimate/spectral/spectral-estimator.js";
import { isGrey, toGrey } from "../../../image/gray.js";
import { onWhite } from "../../../image/on-white.js";
import { upscaleBicubic, upscalePlanes } from "../../../image/resize/bicubic.js";
import type { RgbImage } from "../../../image/rgb-image.js";
import { besideWidth, sideBySide } from "../../../image/side-by-side.js";
import type { BlurKernel } from "../../../kernel/blur-kernel.js";
import { kernelOffset } from "../../../kernel/kernel-offset.js";
import { WINDOW } from "../../../model/spectral/windows.js";
import { writeFileAtomic } from "../../../node/files/atomic-write.js";
import { checkImageSize, imageFormatOf } from "../../../node/image-io/image-format.js";
import { type DecodedImage, readImage } from "../../../node/image-io/read-image.js";
import { encodeImage, lossesOf, writeImage } from "../../../node/image-io/write-image.js";
import { automaticSigma, CERTAIN, type Uncertainty } from "../../../upscale/sigma/automatic-sigma.js";
import { assertUpscalable } from "../../../upscale/tiles/limits.js";
import type { UpscaleFactor, UpscalePlan, Upscaler } from "../../../upscale/upscaler.js";
import { assertEstimable } from "../../shared/methods/assert-estimable.js";
import { bySpectrum } from "../../shared/methods/estimation-methods.js";
import type { Sigma } from "../../shared/options/shared-options.js";
import type { UpscaleJob } from "./files.js";
import type { KernelSource } from "./kernel-source.js";

/** What is the same for all images of a run. */
export interface UpscaleSettings {
  readonly scale: UpscaleFactor;
  readonly sigma: Sigma;
  /** What lies beyond the border. */
  readonly boundary: "natural" | "circular";
  /** Largest side of a tile. */
  readonly tile?: number;
  readonly source: KernelSource;
  /** Of the work on an image, the share of which its kernel is estimated, roughly. */
  readonly estimateShare: number;
  readonly signal: AbortSignal;
}

/** What stands ready on the device. */
export interface UpscaleTools {
  readonly engine: Engine;
  readonly upscaler: Upscaler;
  /** Absent where the kernel is given. */
  readonly estimator?: KernelEstimator;
  /** Reads the noise off an image; absent where the noise is given. */
  readonly spectrum?: SpectralEstimator;
}

/** Where a run says how far it is. */
export interface UpscaleReporter {
  update(what: string, share: number): void;
  say(text: string): void;
}

/** What is told of a finished image; plain data. */
export interface UpscaleRecord {
  readonly job: UpscaleJob;
  /** Side lengths of the image that was read. */
  readonly width: number;
  readonly height: number;
  readonly kernel: BlurKernel;
  /** What the upscaler was told of the noise, in 255ths. */
  readonly sigma: number;
  readonly plan: UpscalePlan;
  readonly milliseconds: { readonly estimate: number; readonly upscale: number };
  readonly notes: readonly string[];
}

/** A finished image, as it looks on white paper. */
export interface UpscaledPictures {
  /** Enlarged by cubic convolution, to lie as the other does. */
  readonly before: RgbImage;
  readonly after: RgbImage;
}

/**
 * Reads an image, estimates its kernel unless that is given, upscales it and writes the results.
 * @param open gives the tools; not asked before the image is known to be usable.
 * @param show gets the pictures before anything is written.
 */
export async function upscaleImage(
  job: UpscaleJob,
  settings: UpscaleSettings,
  open: () => Promise<UpscaleTools>,
  reporter: UpscaleReporter,
  show?: (pictures: UpscaledPictures, record: UpscaleRecord) => Promise<void>,
): Promise<UpscaleRecord> {
  const { scale, boundary, tile, signal } = settings;
  const image = await readImage(job.path);
  checkImage(image, job, settings);
  signal.throwIfAborted();
  const tools = await open();
  signal.throwIfAborted();

  const notes = [...image.notes, ...lossesOf(image, job.format).map((loss) => `${job.out}: ${loss}`)];
  for (const note of notes) reporter.say(note);
  const started = performance.now();
  const kernel = await kernelOf(image, settings, tools, reporter);
  const { sigma, uncertainty } = await sigmaOf(image, settings, tools);
  const estimated = performance.now();
  const share = settings.source.kind === "estimated" ? settings.estimateShare : 0;
  let plan: UpscalePlan | undefined;
  const upscaled = await tools.upscaler.upscale(image.rgb, {
    kernel,
    scale,
    sigma,
    uncertainty,
    boundary,
    tile,
    signal,
    onStart: (known) => {
      plan = known;
      reporter.say(planText(job.path, image, known));
    },
    onProgress: (done) => reporter.update("upscaling", share + (1 - share) * done),
  });
  const milliseconds = { estimate: estimated - started, upscale: performance.now() - estimated };
  const { width, height } = image;
  const record = { job, width, height, kernel, sigma, plan: plan as UpscalePlan, milliseconds, notes };
  await writeResults(image, upscaled, record, show);
  return record;
}

/** Makes sure that all will go well, before any work. */
function checkImage(image: DecodedImage, { format, compare }: UpscaleJob, settings: UpscaleSettings): void {
  const { scale, source } = settings;
  assertUpscalable(image, scale);
  const [width, height] = [image.width * scale, image.height * scale];
  checkImageSize(format, width, height);
  const compareFormat = compare === undefined ? undefined : imageFormatOf(compare);
  if (compareFormat) checkImageSize(compareFormat, besideWidth(width), height);
  if (source.kind === "given") return;
  // The estimate would say the same, but only after a device has been opened.
  assertEstimable(image.rgb, source.estimator.method);
}

async function writeResults(
  image: DecodedImage,
  upscaled: RgbImage,
  record: UpscaleRecord,
  show?: (pictures: UpscaledPictures, record: UpscaleRecord) => Promise<void>,
): Promise<void> {
  const { job, kernel } = record;
  const { bitDepth, gray, metadata } = image;
  const scale = upscaled.width / image.width;
  const offset = kernelOffset(kernel);
  const alpha = image.alpha && upscalePlanes(image.alpha, image, scale, offset);
  const rgb = isGrey(image.rgb) ? toGrey(upscaled) : upscaled;
  const file = await encodeImage({ rgb, alpha, bitDepth, gray, metadata }, job.format);
  const pictures =
    job.compare !== undefined || show
      ? onPaper(upscaleBicubic(image.rgb, scale, offset), rgb, alpha)
      : undefined;
  if (pictures) await show?.(pictures, record);
  await writeFileAtomic(job.out, file);
  if (pictures && job.compare !== undefined) await writeComparison(job.compare, pictures, image);
}

async function kernelOf(
  image: DecodedImage,
  { source, estimateShare, signal }: UpscaleSettings,
  { estimator }: UpscaleTools,
  reporter: UpscaleReporter,
): Promise<BlurKernel> {
  if (source.kind === "given") return source.kernel;
  const { scale, steps, seed } = source;
  const estimate = await (estimator as KernelEstimator).estimate(image.rgb, {
    scale,
    steps,
    seed,
    signal,
    onProgress: (step) =>
      reporter.update("estimating the kernel", (estimateShare * step) / Math.max(1, steps)),
  });
  return estimate.kernel;
}

/** The noise level as it was given, or chosen by the image's noise and by how sure its kernel is. */
async function sigmaOf(
  { rgb }: DecodedImage,
  { sigma, source }: UpscaleSettings,
  { spectrum }: UpscaleTools,
): Promise<{ readonly sigma: number; readonly uncertainty?: Uncertainty }> {
  if (sigma !== "auto") return { sigma };
  // An image that is too small for its spectrum is taken for clean.
  const isLarge = Math.min(rgb.width, rgb.height) >= WINDOW;
  const reading = isLarge ? await spectrum?.estimate(rgb) : undefined;
  const faults =
    source.kind === "given" ? CERTAIN : expectedUncertainty(reading, bySpectrum(source.estimator.method));
  const uncertainty = { noise: reading?.noise ?? 0, ...faults };
  return { sigma: automaticSigma(uncertainty), uncertainty };
}

function onPaper(before: RgbImage, after: RgbImage, alpha: Float32Array | undefined): UpscaledPictures {
  return alpha ? { before: onWhite(before, alpha), after: onWhite(after, alpha) } : { before, after };
}

async function writeComparison(
  path: string,
  { before, after }: UpscaledPictures,
  { gray, metadata: { icc } }: DecodedImage,
): Promise<void> {
  await writeImage(path, { rgb: sideBySide(before, after), gray, metadata: { icc } });
}

function planText(path: string, source: DecodedImage, { tiles, width, height, bytes }: UpscalePlan): string {
  const sizes = `${source.width}×${source.height} to ${width}×${height} pixels`;
  return `${path}: ${sizes} in ${tilesText(tiles)}, with ${memoryText(bytes)} of GPU memory.`;
}

/** A number of tiles in words. */
export function tilesText(tiles: number): string {
  return `${tiles} ${tiles === 1 ? "tile" : "tiles"}`;
}

/** An amount of memory in words. */
export function memoryText(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
