import type { Corner } from "../../../estimate/adaptation/estimate.js";
import { METHODS, type MethodName } from "../../../estimate/methods/methods.js";
import type { Orientation } from "../../../kernel/blur-kernel.js";
import { type DecodedImage, readImage } from "../../../node/image-io/read-image.js";
import { UsageError } from "../../shared/errors.js";
import { assertEstimable } from "../../shared/methods/assert-estimable.js";
import { chosenMethod } from "../../shared/methods/chosen-method.js";
import {
  type ChosenEstimator,
  type EstimatorOptions,
  readEstimator,
} from "../../shared/methods/estimator.js";
import { type ScaleText, scaleOf } from "../../shared/options/shared-options.js";
import { checkOutputs } from "./kernel-outputs.js";
import { readPatches } from "./patches.js";
import { drawingNotes, visiblePhoto } from "./visible-photo.js";

/** The options that {@link readInputs} reads. */
export interface EstimateInputOptions extends EstimatorOptions {
  readonly scale: ScaleText;
  /** Chosen by {@link chosenMethod} unless given. */
  readonly method?: MethodName;
  readonly steps?: number;
  readonly seed?: number;
  readonly out?: readonly string[];
  readonly orientation: Orientation;
  readonly convolution?: boolean;
  readonly snapshots?: readonly number[];
  readonly patches?: string;
  readonly noise?: "on" | "off";
}

/** A run's settings, and everything that it reads before it opens a device. */
export interface EstimateInputs {
  readonly path: string;
  readonly image: DecodedImage;
  readonly estimator: ChosenEstimator;
  readonly steps: number;
  readonly seed: number;
  readonly noise: boolean;
  readonly patches?: readonly Corner[];
  /** Numbers of steps after which the kernel is reported. */
  readonly snapshots: readonly number[];
  readonly out: readonly string[];
  readonly orientation: Orientation;
}

/**
 * Reads the image, the weights and the patches, and checks the files to write.
 * @throws {UsageError} if options do not go together.
 * @throws {ImageError} if the image cannot be read or is unfit for the method.
 * @throws {InputError} if weights or patches cannot be read.
 */
export async function readInputs(path: string, options: EstimateInputOptions): Promise<EstimateInputs> {
  const { seed, patches, noise, init, spectralWeights, out = [] } = options;
  const method = chosenMethod(
    options.method,
    { steps: options.steps, seed, init, snapshots: options.snapshots, patches, noise },
    { "spectral-weights": spectralWeights },
  );
  const { steps = METHODS[method].steps } = options;
  const snapshots = options.snapshots ?? [steps];
  const outside = snapshots.find((step) => step > steps);
  if (outside !== undefined) {
    throw new UsageError(`--snapshots names step ${outside}, but there are only ${steps} steps.`);
  }
  const read = [path, init, spectralWeights, patches].filter((name) => name !== undefined);
  await checkOutputs(out, read);
  const scale = scaleOf(options.scale);
  const estimator = await readEstimator(method, scale, options);
  const corners = patches === undefined ? undefined : await readPatches(patches);
  const image = visiblePhoto(await readImage(path));
  assertEstimable(image.rgb, method);
  const notes = method === "spectral" ? drawingNotes(path, image, scale) : [];
  return {
    path,
    image: { ...image, notes: [...image.notes, ...notes] },
    estimator,
    steps,
    seed: seed ?? 0,
    noise: noise !== "off",
    patches: corners,
    snapshots,
    out,
    orientation: options.convolution ? "convolution" : options.orientation,
  };
}
