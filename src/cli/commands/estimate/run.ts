import type { Engine } from "../../../engine/device/engine.js";
import { AdaptiveEstimator } from "../../../estimate/adaptation/adaptive-estimator.js";
import type { KernelProgress } from "../../../estimate/kernel-estimator.js";
import type { AdapterChoice } from "../../../node/device/adapters.js";
import { createEngine } from "../../../node/device/create-engine.js";
import { cancellable } from "../../shared/cancellable.js";
import { closeEngine } from "../../shared/devices/close-engine.js";
import { openEstimator } from "../../shared/methods/estimator.js";
import { openProgress } from "../../shared/terminal/progress.js";
import { print, printJson } from "../../shared/terminal/report.js";
import { type EstimateInputOptions, type EstimateInputs, readInputs } from "./inputs.js";
import { writeOutputs } from "./kernel-outputs.js";
import { possibleRead } from "./possible-read.js";
import { type EstimateRun, estimateJson, estimateText } from "./report.js";

/** The options of `metakernelgan estimate`, as Commander gives them. */
export interface EstimateCommandOptions extends EstimateInputOptions {
  readonly json?: boolean;
  readonly adapter?: AdapterChoice;
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
      await closeEngine(engine);
    }
  });
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
  const options = { alpha: image.alpha, scale: chosen.scale, steps, seed, signal, onProgress };
  try {
    const read =
      estimator instanceof AdaptiveEstimator
        ? await estimator.estimate(image.rgb, { ...options, patches, noise })
        : await estimator.estimate(image.rgb, options);
    const result = possibleRead(read, image);
    return { inputs, engine, result, milliseconds: { startup: started, adapt: performance.now() - started } };
  } finally {
    progress.stop();
    estimator.dispose();
  }
}
