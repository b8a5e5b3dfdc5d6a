import type { MethodName } from "../../../estimate/methods/methods.js";
import { METHODS } from "../../../estimate/methods/methods.js";
import type { Alignment } from "../../../kernel/align-kernel.js";
import type { BlurKernel, Orientation } from "../../../kernel/blur-kernel.js";
import { readKernel } from "../../../node/files/kernel-files.js";
import { MIN_TILE } from "../../../upscale/tiles/limits.js";
import type { UpscaleFactor } from "../../../upscale/upscaler.js";
import { UsageError } from "../../shared/errors.js";
import { chosenMethod } from "../../shared/methods/chosen-method.js";
import {
  type ChosenEstimator,
  type EstimatorOptions,
  readEstimator,
} from "../../shared/methods/estimator.js";
import { type ChosenUpscaler, readUpscalerFor, type UpscalerOptions } from "../../shared/methods/upscaler.js";
import type { Sigma } from "../../shared/options/shared-options.js";
import { readSpectralWeights } from "../../shared/weights/method-weights.js";
import type { ReadWeights } from "../../shared/weights/weights-files.js";
import { planUpscaleFiles, type UpscaleFileOptions, type UpscaleFiles } from "./files.js";

/** The options that {@link readInputs} reads. */
export interface UpscaleInputOptions extends UpscaleFileOptions, UpscalerOptions, EstimatorOptions {
  readonly scale: "1" | "2" | "3" | "4";
  readonly sigma: Sigma;
  readonly boundary: "natural" | "circular";
  readonly align: Alignment;
  readonly tile?: number;
  readonly kernel?: string;
  readonly orientation?: Orientation;
  /** Chosen by {@link chosenMethod} unless given. */
  readonly method?: MethodName;
  readonly steps?: number;
  readonly seed?: number;
}

/** A kernel for all images, from a file. */
export interface KernelFile {
  readonly path: string;
  readonly kernel: BlurKernel;
}

/** An estimate of each image's kernel. */
export interface ChosenEstimate {
  readonly estimator: ChosenEstimator;
  readonly steps: number;
  readonly seed: number;
}

/** Everything that a run reads before it opens a device. */
export interface UpscaleInputs {
  readonly files: UpscaleFiles;
  readonly scale: UpscaleFactor;
  readonly sigma: Sigma;
  readonly boundary: "natural" | "circular";
  readonly align: Alignment;
  readonly tile?: number;
  /** Either a kernel or an estimate is there. */
  readonly kernel?: KernelFile;
  readonly estimate?: ChosenEstimate;
  readonly upscaler: ChosenUpscaler;
  /** For reading the noise where the estimator does not. */
  readonly noiseWeights?: ReadWeights;
}

/**
 * Reads kernel and weights, finds the images, and names the files to write.
 * @throws {UsageError} if options do not go together.
 * @throws {KernelError} if the kernel's file cannot be read or is for another scale.
 * @throws {InputError} if weights cannot be read, or are another network's.
 */
export async function readInputs(
  paths: readonly string[],
  options: UpscaleInputOptions,
): Promise<UpscaleInputs> {
  const { sigma, boundary, align, tile, init, spectralWeights, upscalerWeights } = options;
  const scale = Number(options.scale) as UpscaleFactor;
  if (tile !== undefined && tile < MIN_TILE * scale) {
    throw new UsageError(`--tile must be at least ${MIN_TILE * scale} at ×${scale}; got ${tile}.`);
  }
  const read = [options.kernel, init, spectralWeights, upscalerWeights].filter((path) => path !== undefined);
  const files = await planUpscaleFiles(paths, options, read);
  const kernel =
    options.kernel === undefined ? undefined : await readKernelFile(options.kernel, scale, options);
  const estimate = kernel ? undefined : await readEstimate(scale, options);
  const upscaler = await readUpscalerFor(scale, options);
  const readsNoise = sigma === "auto" && estimate?.estimator.method !== "spectral";
  if (spectralWeights !== undefined && !readsNoise && estimate?.estimator.method !== "spectral") {
    throw new UsageError("--spectral-weights is for --method spectral and --sigma auto: leave it out.");
  }
  const noiseWeights = readsNoise
    ? await readSpectralWeights(scale === 4 ? 4 : 2, spectralWeights)
    : undefined;
  return { files, scale, sigma, boundary, align, tile, kernel, estimate, upscaler, noiseWeights };
}

async function readKernelFile(
  path: string,
  scale: UpscaleFactor,
  { orientation }: UpscaleInputOptions,
): Promise<KernelFile> {
  const kernel = await readKernel(path, scale, orientation);
  if (orientation !== undefined && kernel.orientation !== orientation) {
    throw new UsageError(
      `${path} states that its kernel is for ${kernel.orientation}; leave --orientation out.`,
    );
  }
  return { path, kernel };
}

async function readEstimate(scale: UpscaleFactor, options: UpscaleInputOptions): Promise<ChosenEstimate> {
  const { steps, seed, init, orientation } = options;
  if (orientation !== undefined) {
    throw new UsageError("--orientation is about the file of --kernel: leave it out, or give --kernel.");
  }
  const method = chosenMethod(options.method, { steps, seed, init });
  const estimator = await readEstimator(method, scale === 4 ? 4 : 2, options);
  return { estimator, steps: steps ?? METHODS[method].steps, seed: seed ?? 0 };
}
