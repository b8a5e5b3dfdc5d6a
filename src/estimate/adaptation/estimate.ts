import type { Engine } from "../../engine/engine.js";
import { RandomStream } from "../../engine/random.js";
import { RANDOM_STREAMS } from "../../engine/random-streams.js";
import { ImageError } from "../../image/errors.js";
import { assertHasDetail } from "../../image/patches/assert-has-detail.js";
import { padCircular } from "../../image/patches/pad-circular.js";
import { samplePatches } from "../../image/patches/sample-patches.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { type BlurKernel, blurKernel } from "../../kernel/blur-kernel.js";
import { x4Kernel } from "../../kernel/families/x4-kernel.js";
import type { GanWeights } from "../../model/gan/gan-weights.js";
import type { SpectralEstimate } from "../spectral/spectral-estimator.js";
import { Adaptation, type AdaptationSnapshot, type RunOptions, type StepLosses } from "./adaptation.js";
import { PATCH_SIZE } from "./patch-source.js";
import type { StepRecorder } from "./step-recorder.js";

/** Options of an estimate. */
export interface EstimateOptions extends RunOptions {
  /** Which kernel to estimate; 2 unless given. The adaptation is the same, the ×4 kernel follows from the ×2 one. */
  readonly scale?: 2 | 4;
  /** Steps of the adaptation; as many as the method's paper takes unless given. 0 gives the kernel of the start. */
  readonly steps?: number;
  /** Fixes the patches, the noise, and a random start; 0 unless given. */
  readonly seed?: number;
  /** Top and left of each step's 64×64 patch, instead of drawn ones; as many as there are steps. */
  readonly patches?: readonly (readonly [top: number, left: number])[];
  /** Whether the discriminator's inputs get noise; they do unless this is false. */
  readonly noise?: boolean;
  /** Called once when all is compiled and uploaded, right before the first step. */
  readonly onStart?: () => void;
  /** Called about every `snapshotEvery` steps and after the last one: to watch the kernel form. */
  readonly onSnapshot?: (snapshot: EstimateSnapshot) => void;
  /** Steps between two snapshots, each of which is read back from the GPU; 5 unless given. */
  readonly snapshotEvery?: number;
}

/** An estimate that is not finished. */
export interface EstimateSnapshot {
  /** Steps that are complete. */
  readonly step: number;
  /** The kernel after them. */
  readonly kernel: BlurKernel<"correlation">;
  /** The generator's and the discriminator's, of the steps since the snapshot before. */
  readonly losses: Estimate["losses"];
}

/** A blur kernel estimated from an image. */
export interface Estimate {
  /** The kernel after the last step. */
  readonly kernel: BlurKernel<"correlation">;
  /** For 0, 1, …, steps: the kernel after so many steps. */
  readonly kernels: readonly BlurKernel<"correlation">[];
  /** For each step, before its updates: the generator's loss (adversarial and sum-to-one) and the discriminator's. */
  readonly losses: readonly (readonly [generator: number, discriminator: number])[];
  /** Top and left of each step's patch: with them, the seed and the weights the run can be replayed. */
  readonly patches: readonly (readonly [top: number, left: number])[];
  readonly steps: number;
  readonly seed: number;
  readonly scale: 2 | 4;
  /** What the image's spectrum says, of a method that asks it. */
  readonly spectral?: SpectralEstimate;
}

/** How a method estimates. */
export interface EstimationMethod {
  /** Steps unless others are asked for. */
  readonly steps: number;
  /** The weights to start from, of a seed if they are random. */
  readonly start: (seed: number) => GanWeights;
  readonly recordStep: StepRecorder;
  /** What is done with the kernel at last. */
  readonly finish?: (kernel: BlurKernel<"correlation">) => BlurKernel<"correlation">;
}

/**
 * Estimates the blur kernel of an image of at least 16×16 pixels.
 * @throws {ImageError} if the image is too small, has no detail, or a given patch does not lie within it.
 * @throws {RangeError} if an option is out of range.
 * @throws {NumericalError} if the adaptation diverges.
 * @throws the signal's reason if it is aborted.
 */
export async function estimateKernel(
  engine: Engine,
  method: EstimationMethod,
  image: RgbImage,
  options: EstimateOptions,
): Promise<Estimate> {
  const { scale = 2, steps = method.steps, seed = 0, noise, signal, onProgress, onSnapshot } = options;
  if (scale !== 2 && scale !== 4) throw new RangeError(`The scale is 2 or 4, not ${scale}.`);
  if (!Number.isInteger(steps) || steps < 0) {
    throw new RangeError(`The number of steps is a whole number from 0 up, not ${steps}.`);
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new RangeError(`The seed is a whole number from 0 to 4294967295, not ${seed}.`);
  }
  signal?.throwIfAborted();
  assertHasDetail(image);
  const padded = padCircular(image, PATCH_SIZE);
  const corners = options.patches
    ? checkPatches(options.patches, steps, padded)
    : samplePatches(padded, {
        count: Math.max(1, steps),
        size: PATCH_SIZE,
        random: new RandomStream(seed, RANDOM_STREAMS.patches),
      });
  const input = { image: padded, steps, corners, seed, noise };
  const adaptation = await Adaptation.record(engine, method.start(seed), input, method.recordStep);
  try {
    options.onStart?.();
    const toKernel = (values: Float32Array): BlurKernel<"correlation"> => {
      const raw = blurKernel(values, 2);
      const kernel = method.finish?.(raw) ?? raw;
      return scale === 2 ? kernel : x4Kernel(kernel);
    };
    const show = ({ step, kernel, losses }: AdaptationSnapshot): void => {
      // A run that diverges says so at its end.
      if (!kernel.every(Number.isFinite)) return;
      onSnapshot?.({ step, kernel: toKernel(kernel), losses: losses.map(toPair) });
    };
    const result = await adaptation.run({
      onProgress,
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

/** A step's losses as {@link Estimate} has them. */
function toPair({ adversarial, constraints, discriminator }: StepLosses): readonly [number, number] {
  return [adversarial + constraints, discriminator];
}

function checkPatches(
  patches: readonly (readonly [number, number])[],
  steps: number,
  { width, height }: RgbImage,
): number[] {
  if (patches.length < steps) {
    throw new ImageError(`${steps} steps need as many patches; got ${patches.length}.`);
  }
  if (steps === 0) return [0, 0];
  return patches.slice(0, steps).flatMap(([top, left], step) => {
    const within = (place: number, length: number): boolean =>
      Number.isInteger(place) && place >= 0 && place + PATCH_SIZE <= length;
    if (!within(top, height) || !within(left, width)) {
      throw new ImageError(
        `Patch ${step + 1}, at row ${top} and column ${left}, does not lie within the ${width}×${height} image.`,
      );
    }
    return [top, left];
  });
}
