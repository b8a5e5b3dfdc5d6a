import type { Engine } from "../../engine/device/engine.js";
import { RandomStream } from "../../engine/random.js";
import { RANDOM_STREAMS } from "../../engine/random-streams.js";
import { ImageError } from "../../image/errors.js";
import { binaryGain, multiplied, USUAL_MOST } from "../../image/light/levels.js";
import { assertHasDetail } from "../../image/patches/assert-has-detail.js";
import { padCircular } from "../../image/patches/pad-circular.js";
import { samplePatches } from "../../image/patches/sample-patches.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { type BlurKernel, blurKernel } from "../../kernel/blur-kernel.js";
import { x4Kernel } from "../../kernel/families/x4-kernel.js";
import type { GanWeights } from "../../model/gan/gan-weights.js";
import { checkOptions } from "../check-options.js";
import { EstimateError } from "../errors.js";
import type { EstimateOptions, KernelEstimate, LossPair } from "../kernel-estimator.js";
import { Adaptation, type AdaptationSnapshot, type StepLosses } from "./adaptation.js";
import { PATCH_SIZE } from "./patch-source.js";
import type { StepRecorder } from "./step-recorder.js";

/** Top and left of a patch in the photo. */
export type Corner = readonly [top: number, left: number];

/** Options of an adaptation. */
export interface AdaptationOptions extends EstimateOptions {
  /** Corners of each step's 64×64 patch, instead of random ones; as many as there are steps. */
  readonly patches?: readonly Corner[];
  /** Whether noise is added to the discriminator's inputs; true unless given. */
  readonly noise?: boolean;
}

/** A kernel estimated by an adaptation, with everything needed to run it again. */
export interface AdaptiveEstimate extends KernelEstimate {
  /** The kernel after 0, 1, …, `steps` steps. */
  readonly kernels: readonly BlurKernel<"correlation">[];
  /** Losses of each step. */
  readonly losses: readonly LossPair[];
  /** Corner of each step's patch. */
  readonly patches: readonly Corner[];
  readonly steps: number;
  readonly seed: number;
}

/** What distinguishes one adaptive method from another. */
export interface AdaptiveMethod {
  /** Steps unless others are asked for. */
  readonly steps: number;
  /** Gives the initial weights; the seed counts if they are random. */
  readonly initialize: (seed: number) => GanWeights;
  readonly recordStep: StepRecorder;
  /** Post-processes each kernel. */
  readonly finish?: (kernel: BlurKernel<"correlation">) => BlurKernel<"correlation">;
}

/** Estimates the blur kernel of a photo by an adaptation; see {@link AdaptiveEstimator.estimate}. */
export async function adaptToImage(
  engine: Engine,
  method: AdaptiveMethod,
  image: RgbImage,
  options: AdaptationOptions,
): Promise<AdaptiveEstimate> {
  const { scale = 2, steps = method.steps, seed = 0, noise, signal, onProgress, onSnapshot } = options;
  if (scale !== 2 && scale !== 4) throw new EstimateError(`The scale must be 2 or 4; got ${scale}.`);
  checkOptions(options);
  signal?.throwIfAborted();
  assertHasDetail(image);
  // The networks were trained on photos of the usual range.
  const padded = padCircular(multiplied(image, binaryGain(image), USUAL_MOST), PATCH_SIZE);
  const corners = options.patches
    ? checkPatches(options.patches, steps, padded)
    : samplePatches(padded, {
        count: Math.max(1, steps),
        size: PATCH_SIZE,
        random: new RandomStream(seed, RANDOM_STREAMS.patches),
      });
  const input = { image: padded, steps, corners, seed, noise };
  const adaptation = await Adaptation.record(
    engine,
    method.initialize(seed),
    input,
    method.recordStep,
    signal,
  );
  try {
    const report = (done: number): void => onProgress?.({ phase: "kernel", done, total: steps });
    report(0);
    const toKernel = (values: Float32Array): BlurKernel<"correlation"> => {
      const raw = blurKernel(values, 2);
      const kernel = method.finish?.(raw) ?? raw;
      return scale === 2 ? kernel : x4Kernel(kernel);
    };
    const show = ({ step, kernel, losses }: AdaptationSnapshot): void => {
      // An adaptation that diverges throws at its end.
      if (!kernel.every(Number.isFinite)) return;
      onSnapshot?.({ step, kernel: toKernel(kernel), losses: losses.map(toPair) });
    };
    const result = await adaptation.run({
      onProgress: report,
      signal,
      onSnapshot: onSnapshot && show,
      snapshotEvery: options.snapshotEvery,
    });
    const kernels = result.kernels.map(toKernel);
    return {
      kernel: kernels[steps] as BlurKernel<"correlation">,
      kernels,
      losses: result.losses.map(toPair),
      patches: Array.from({ length: steps }, (_, step) => [
        corners[2 * step] as number,
        corners[2 * step + 1] as number,
      ]),
      steps,
      seed,
      scale,
    };
  } finally {
    adaptation.dispose();
  }
}

function toPair({ adversarial, constraints, discriminator }: StepLosses): LossPair {
  return [adversarial + constraints, discriminator];
}

function checkPatches(patches: readonly Corner[], steps: number, { width, height }: RgbImage): number[] {
  if (patches.length < steps) {
    throw new ImageError(`${steps} steps need as many patches; got ${patches.length}.`);
  }
  if (steps === 0) return [0, 0];
  return patches.slice(0, steps).flatMap(([top, left], step) => {
    const within = (place: number, length: number): boolean =>
      Number.isInteger(place) && place >= 0 && place + PATCH_SIZE <= length;
    if (!within(top, height) || !within(left, width)) {
      throw new ImageError(
        `Patch ${step + 1} at row ${top}, column ${left} lies outside the ${width}×${height} image.`,
      );
    }
    return [top, left];
  });
}
