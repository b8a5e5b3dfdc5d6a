import type { BlurKernel, Orientation } from "../../../kernel/blur-kernel.js";
import { readKernel } from "../../../node/files/kernel-files.js";
import type { UpscaleFactor } from "../../../upscale/upscaler.js";
import { UsageError } from "../../shared/errors.js";
import { chosenMethod } from "../../shared/methods/chosen-method.js";
import { type EstimationMethodName, STEPS } from "../../shared/methods/estimation-methods.js";
import { type Estimator, readEstimator } from "../../shared/methods/estimator.js";

/** Where the kernels of an upscaling come from: one file, or an estimate of each image. */
export type KernelSource =
  | { readonly kind: "given"; readonly path: string; readonly kernel: BlurKernel }
  | {
      readonly kind: "estimated";
      readonly estimator: Estimator;
      readonly scale: 2 | 4;
      readonly steps: number;
      readonly seed: number;
    };

/** What says it on the command line. */
export interface KernelSourceOptions {
  readonly kernel?: string;
  readonly orientation?: Orientation;
  /** Chosen by {@link chosenMethod}, unless given. */
  readonly method?: EstimationMethodName;
  /** As many as the method takes, unless given. */
  readonly steps?: number;
  /** 0 unless given. */
  readonly seed?: number;
  readonly start?: string;
}

/**
 * Reads the kernel, or what is needed to estimate it.
 * @throws {UsageError} if a kernel is needed and none is given, or if two things that were said of it differ.
 * @throws {KernelError} if the kernel's file cannot be read or is for another scale.
 * @throws {InputError} if the start of the estimates cannot be read.
 */
export async function readKernelSource(
  options: KernelSourceOptions,
  scale: UpscaleFactor,
): Promise<KernelSource> {
  const { kernel: path, orientation, seed, start } = options;
  if (path === undefined) {
    if (scale !== 2 && scale !== 4) {
      throw new UsageError(
        `A kernel can be estimated for ×2 and ×4 only: --scale ${scale} needs --kernel, the file of one.`,
      );
    }
    if (orientation !== undefined) {
      throw new UsageError("--orientation says how the file of --kernel is meant, and there is none.");
    }
    const method = chosenMethod(options.method, { steps: options.steps, seed, start });
    const { steps = STEPS[method] } = options;
    const estimator = await readEstimator({ method, scale, weights: start, option: "--start" });
    return { kind: "estimated", estimator, scale, steps, seed: seed ?? 0 };
  }
  const kernel = await readKernel(path, scale, orientation);
  if (orientation !== undefined && kernel.orientation !== orientation) {
    throw new UsageError(
      `${path} says itself that its kernel is for ${kernel.orientation}; leave --orientation out.`,
    );
  }
  return { kind: "given", path, kernel };
}
