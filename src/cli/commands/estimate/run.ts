import type { Engine } from "../../../engine/engine.js";
import type { Estimate } from "../../../estimate/adaptation/estimate.js";
import { kernelRows, type Orientation } from "../../../kernel/blur-kernel.js";
import type { AdapterChoice } from "../../../node/device/adapters.js";
import { createEngine } from "../../../node/device/create-engine.js";
import { type DecodedImage, readImage } from "../../../node/image-io/read-image.js";
import { cancellable } from "../../shared/cancellable.js";
import { UsageError } from "../../shared/errors.js";
import { assertEstimable } from "../../shared/methods/assert-estimable.js";
import { chosenMethod } from "../../shared/methods/chosen-method.js";
import { type EstimationMethodName, STEPS } from "../../shared/methods/estimation-methods.js";
import { type Estimator, readEstimator } from "../../shared/methods/estimator.js";
import { adapterText } from "../../shared/terminal/adapter-text.js";
import { blurText, covarianceText, kernelPicture, kernelSum } from "../../shared/terminal/kernel-text.js";
import { openProgress } from "../../shared/terminal/progress.js";
import { labelled, print, printJson, printLine, seconds } from "../../shared/terminal/report.js";
import { weightsJson } from "../../shared/weights/weights-files.js";
import { checkOutputs, writeOutputs } from "./kernel-outputs.js";
import { type Corner, readPatches } from "./patches.js";

/** The options of `metakernelgan estimate`, as Commander gives them. */
export interface EstimateCommandOptions {
  readonly scale: "2" | "4";
  /** Chosen by {@link chosenMethod}, unless given. */
  readonly method?: EstimationMethodName;
  /** As many as the method takes, unless given. */
  readonly steps?: number;
  /** 0 unless given. */
  readonly seed?: number;
  readonly weights?: string;
  readonly out?: readonly string[];
  readonly orientation: Orientation;
  readonly convolution?: boolean;
  readonly json?: boolean;
  readonly record?: readonly number[];
  readonly patches?: string;
  /** On unless given. */
  readonly noise?: "on" | "off";
  readonly adapter?: AdapterChoice;
}

/** Everything that a run reads before it opens a device. */
interface Inputs {
  readonly image: DecodedImage;
  readonly estimator: Estimator;
  readonly patches: readonly Corner[] | undefined;
}

/** A finished run. */
interface Run {
  readonly result: Estimate;
  /** Milliseconds from the start of the process to the first step, and from there to the end. */
  readonly startup: number;
  readonly adapt: number;
}

/** `metakernelgan estimate`. */
export async function estimate(
  path: string,
  options: EstimateCommandOptions,
  version: string,
): Promise<void> {
  const { seed, record, patches, noise } = options;
  const method = chosenMethod(options.method, {
    ...(options.method !== "spectral" && { weights: options.weights }),
    steps: options.steps,
    seed,
    record,
    patches,
    noise,
  });
  const { steps = STEPS[method] } = options;
  const recorded = options.record ?? [steps];
  const outside = recorded.find((step) => step > steps);
  if (outside !== undefined) {
    throw new UsageError(`--record names step ${outside}, but there are only ${steps} steps.`);
  }
  const orientation = options.convolution ? "convolution" : options.orientation;
  await cancellable(async (signal) => {
    const inputs = await readInputs(path, method, options);
    signal.throwIfAborted();
    const engine = await createEngine({ adapter: options.adapter });
    try {
      const run = await adapt(engine, inputs, steps, options, signal);
      signal.throwIfAborted();
      await writeOutputs(options.out ?? [], run.result.kernel, orientation);
      if (options.json)
        printJson(jsonOf(path, options, { engine, inputs, run, recorded, orientation, version }));
      else print(summaryOf(options, engine, run, orientation));
    } finally {
      engine.dispose();
    }
  });
}

async function readInputs(
  path: string,
  method: EstimationMethodName,
  options: EstimateCommandOptions,
): Promise<Inputs> {
  const read = [path, options.weights, options.patches].filter((name) => name !== undefined);
  await checkOutputs(options.out ?? [], read);
  const { scale, weights } = options;
  const estimator = await readEstimator({ method, scale: scale === "4" ? 4 : 2, weights });
  const patches = options.patches === undefined ? undefined : await readPatches(options.patches);
  const image = await readImage(path);
  // The estimate would say the same, but only after a device has been opened.
  assertEstimable(image.rgb, method);
  return { image, estimator, patches };
}

async function adapt(
  engine: Engine,
  { image, estimator, patches }: Inputs,
  steps: number,
  { scale, seed, noise }: EstimateCommandOptions,
  signal: AbortSignal,
): Promise<Run> {
  const model = await estimator.create(engine);
  let startup = performance.now();
  const progress = await openProgress(steps);
  try {
    const result = await model.estimate(image.rgb, {
      scale: scale === "4" ? 4 : 2,
      steps,
      seed,
      patches,
      noise: noise !== "off",
      signal,
      onStart: () => {
        startup = performance.now();
        // Not before: an error in what was given is to be the only line.
        for (const note of image.notes) printLine(note);
        progress.start();
      },
      onProgress: (step) => progress.update(step),
    });
    return { result, startup, adapt: performance.now() - startup };
  } finally {
    progress.stop();
  }
}

/** What `--json` prints: all that is needed to run the same again. */
function jsonOf(
  path: string,
  { out = [], noise }: EstimateCommandOptions,
  more: {
    engine: Engine;
    inputs: Inputs;
    run: Run;
    recorded: readonly number[];
    orientation: Orientation;
    version: string;
  },
): Record<string, unknown> {
  const { engine, inputs, run, recorded, orientation, version } = more;
  const { scale, steps, seed, kernel, kernels, losses, patches, spectral } = run.result;
  return {
    version,
    adapter: engine.adapter,
    image: { path, width: inputs.image.width, height: inputs.image.height },
    method: inputs.estimator.method,
    weights: weightsJson(inputs.estimator.weights),
    scale,
    steps,
    seed,
    noise: noise !== "off",
    seconds: { startup: run.startup / 1000, adapt: run.adapt / 1000 },
    orientation: kernel.orientation,
    kernel: kernelRows(kernel),
    kernels: Object.fromEntries(
      kernels.flatMap((each, step) => (recorded.includes(step) ? [[step, kernelRows(each)]] : [])),
    ),
    losses,
    patches,
    spectral: spectral
      ? {
          covariance: spectral.covariance,
          noise: spectral.noise,
          nonGaussianity: spectral.nonGaussianity,
          error: spectral.error,
        }
      : null,
    files: out.map((file) => ({ path: file, orientation })),
    notes: inputs.image.notes,
  };
}

function summaryOf(
  { out = [] }: EstimateCommandOptions,
  engine: Engine,
  { result, startup, adapt }: Run,
  orientation: Orientation,
): string {
  const { kernel, scale, steps, seed, spectral } = result;
  const lines = labelled([
    ["sum", kernelSum(kernel).toFixed(4)],
    ["blur", blurText(kernel)],
    ["covariance", covarianceText(kernel)],
    ["noise", spectral && `standard deviation ${spectral.noise.toFixed(1)} of 255`],
    ["error", spectral && `K-COV of about ${spectral.error.toFixed(2)} square pixels is likely`],
    ["adapter", adapterText(engine.adapter)],
    ["time", `${seconds(startup)} to start, ${seconds(adapt)} for the ${steps > 0 ? "steps" : "estimate"}`],
    [
      "written",
      out.length > 0
        ? `${out.join(", ")}, for ${orientation === "convolution" ? "convolution" : "cross-correlation"}`
        : undefined,
    ],
  ]);
  const way =
    steps === 0 && spectral
      ? "by the spectrum"
      : `after ${steps} ${steps === 1 ? "step" : "steps"} with seed ${seed}`;
  const title = `Kernel for ×${scale}, ${kernel.size}×${kernel.size}, ${way}:`;
  const picture = process.stdout.isTTY ? `\n${kernelPicture(kernel)}\n` : "";
  return `${title}\n${picture}${lines}`;
}
