import type { Engine } from "../../../engine/engine.js";
import { AdaptiveEstimator } from "../../../estimate/adaptation/adaptive-estimator.js";
import type { Corner } from "../../../estimate/adaptation/estimate.js";
import type { KernelEstimate, KernelProgress } from "../../../estimate/kernel-estimator.js";
import { METHODS, type MethodName } from "../../../estimate/methods/methods.js";
import type { Orientation } from "../../../kernel/blur-kernel.js";
import type { AdapterChoice } from "../../../node/device/adapters.js";
import { createEngine } from "../../../node/device/create-engine.js";
import { type DecodedImage, readImage } from "../../../node/image-io/read-image.js";
import { cancellable } from "../../shared/cancellable.js";
import { UsageError } from "../../shared/errors.js";
import { assertEstimable } from "../../shared/methods/assert-estimable.js";
import { chosenMethod } from "../../shared/methods/chosen-method.js";
import {
  type ChosenEstimator,
  type EstimatorOptions,
  openEstimator,
  readEstimator,
} from "../../shared/methods/estimator.js";
import { type ScaleText, scaleOf } from "../../shared/options/shared-options.js";
import { openProgress } from "../../shared/terminal/progress.js";
import { print, printJson } from "../../shared/terminal/report.js";
import { checkOutputs, writeOutputs } from "./kernel-outputs.js";
import { readPatches } from "./patches.js";
import { estimateJson, estimateText } from "./report.js";

/** The options of `metakernelgan estimate`, as Commander gives them. */
export interface EstimateCommandOptions extends EstimatorOptions {
  readonly scale: ScaleText;
  /** Chosen by {@link chosenMethod} unless given. */
  readonly method?: MethodName;
  readonly steps?: number;
  readonly seed?: number;
  readonly out?: readonly string[];
  readonly orientation: Orientation;
  readonly convolution?: boolean;
  readonly json?: boolean;
  readonly record?: readonly number[];
  readonly patches?: string;
  readonly noise?: "on" | "off";
  readonly adapter?: AdapterChoice;
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
  readonly recorded: readonly number[];
  readonly out: readonly string[];
  readonly orientation: Orientation;
}

/** A finished run. */
export interface EstimateRun {
  readonly inputs: EstimateInputs;
  readonly engine: Engine;
  readonly result: KernelEstimate;
  /** Milliseconds from the start of the process to the first step, and from there to the kernel. */
  readonly milliseconds: { readonly startup: number; readonly adapt: number };
}

/** `metakernelgan estimate`. */
export async function estimate(
  path: string,
  options: EstimateCommandOptions,
  version: string,
): Promise<void> {
  await cancellable(async (signal) => {
    const inputs = await readInputs(path, options);
    signal.throwIfAborted();
    const engine = await createEngine({ adapter: options.adapter });
    try {
      const run = await estimateOn(engine, inputs, signal);
      signal.throwIfAborted();
      await writeOutputs(inputs.out, run.result.kernel, inputs.orientation);
      if (options.json) printJson(estimateJson(run, version));
      else print(estimateText(run));
    } finally {
      engine.dispose();
    }
  });
}

async function readInputs(path: string, options: EstimateCommandOptions): Promise<EstimateInputs> {
  const { seed, record, patches, noise, init, spectralWeights, out = [] } = options;
  const method = chosenMethod(
    options.method,
    { steps: options.steps, seed, init, record, patches, noise },
    { "spectral-weights": spectralWeights },
  );
  const { steps = METHODS[method].steps } = options;
  const recorded = record ?? [steps];
  const outside = recorded.find((step) => step > steps);
  if (outside !== undefined) {
    throw new UsageError(`--record names step ${outside}, but there are only ${steps} steps.`);
  }
  const read = [path, init, spectralWeights, patches].filter((name) => name !== undefined);
  await checkOutputs(out, read);
  const estimator = await readEstimator(method, scaleOf(options.scale), options);
  const corners = patches === undefined ? undefined : await readPatches(patches);
  const image = await readImage(path);
  assertEstimable(image.rgb, method);
  return {
    path,
    image,
    estimator,
    steps,
    seed: seed ?? 0,
    noise: noise !== "off",
    patches: corners,
    recorded,
    out,
    orientation: options.convolution ? "convolution" : options.orientation,
  };
}

async function estimateOn(engine: Engine, inputs: EstimateInputs, signal: AbortSignal): Promise<EstimateRun> {
  const { image, estimator: chosen, steps, seed, noise, patches } = inputs;
  const estimator = await openEstimator(engine, chosen);
  const progress = await openProgress({ total: steps, unit: "steps" });
  let started = performance.now();
  const onProgress = ({ done }: KernelProgress): void => {
    if (done === 0) {
      started = performance.now();
      // Not before: an error in the inputs must be the only line.
      for (const note of image.notes) progress.say(note);
    }
    progress.update(done);
  };
  const options = { scale: chosen.scale, steps, seed, signal, onProgress };
  try {
    const result =
      estimator instanceof AdaptiveEstimator
        ? await estimator.estimate(image.rgb, { ...options, patches, noise })
        : await estimator.estimate(image.rgb, options);
    return { inputs, engine, result, milliseconds: { startup: started, adapt: performance.now() - started } };
  } finally {
    progress.stop();
    estimator.dispose();
  }
}
