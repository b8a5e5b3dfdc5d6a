import { resolve } from "node:path";
import type { EvaluationItem } from "../../../benchmark/kernel-evaluation.js";
import { protocolOf } from "../../../benchmark/protocol.js";
import type { AdapterDescription } from "../../../engine/device/adapter.js";
import { EngineError } from "../../../engine/errors.js";
import { METHODS, type MethodName } from "../../../estimate/methods/methods.js";
import type { RgbImage } from "../../../image/rgb-image.js";
import type { Alignment } from "../../../kernel/align-kernel.js";
import type { BenchmarkSetting } from "../../../kernel/degradation/benchmark.js";
import type { AdapterChoice } from "../../../node/device/adapters.js";
import { benchmarkFolders, findPairs, readBenchmarkKernel } from "../../../node/image-io/benchmark-folder.js";
import { readImage } from "../../../node/image-io/read-image.js";
import { cancellable } from "../../shared/cancellable.js";
import { RunDevice } from "../../shared/devices/run-device.js";
import { UsageError } from "../../shared/errors.js";
import { assertEstimable } from "../../shared/methods/assert-estimable.js";
import { chosenMethod } from "../../shared/methods/chosen-method.js";
import { type EstimatorOptions, openEstimator, readEstimator } from "../../shared/methods/estimator.js";
import { openUpscaler } from "../../shared/methods/upscaler.js";
import { type ScaleText, scaleOf } from "../../shared/options/shared-options.js";
import { InputError } from "../../shared/read-input.js";
import { adapterText } from "../../shared/terminal/adapter-text.js";
import { print, printJson, printLine } from "../../shared/terminal/report.js";
import { weightsJson } from "../../shared/weights/weights-files.js";
import { withImages } from "./full-evaluation.js";
import { gridWarning } from "./grid-warning.js";
import { type EvaluateImagesOptions, imageSteps, planImages, runImages, upscalingJson } from "./images.js";
import { runKernels } from "./kernels.js";
import { evaluationText } from "./report.js";

/** The options of `metakernelgan evaluate`, as Commander gives them. */
export interface EvaluateCommandOptions extends EvaluateImagesOptions, EstimatorOptions {
  readonly scale: ScaleText;
  readonly setting: BenchmarkSetting;
  /** The setting's unless given. */
  readonly align?: Alignment;
  readonly lr?: string;
  readonly kernels?: string;
  readonly method: MethodName;
  /** Unless given, the numbers in the method's paper. */
  readonly steps?: readonly number[];
  readonly runs: number;
  readonly seed: number;
  readonly adapter?: AdapterChoice;
  readonly json?: boolean;
}

/** `metakernelgan evaluate`. */
export async function evaluate(options: EvaluateCommandOptions, version: string): Promise<void> {
  const { runs, seed, init, spectralWeights } = options;
  const scale = scaleOf(options.scale);
  const method = chosenMethod(
    options.method,
    { init, steps: options.steps },
    { "spectral-weights": spectralWeights },
  );
  const steps = runs === 0 ? [] : (options.steps ?? METHODS[method].comparedSteps);
  const stepsOfImages = imageSteps(options, steps);
  if (runs === 0 && !stepsOfImages) {
    throw new UsageError("--runs 0 estimates nothing: give --images, or more runs.");
  }
  await cancellable(async (signal) => {
    const items = await readItems(options, scale, signal);
    const protocol = protocolOf(options.setting, options.align);
    const warning = gridWarning(
      items.map(({ kernel }) => kernel),
      scale,
      protocol.align,
    );
    if (warning !== undefined) printLine(warning);
    const chosen = await readEstimator(method, scale, options);
    const plan = stepsOfImages && (await planImages(options, items, stepsOfImages, { scale, signal }));
    signal.throwIfAborted();
    const device = new RunDevice(options.adapter, async (engine) => ({
      estimator: await openEstimator(engine, chosen),
      ...(plan && { upscaler: await openUpscaler(engine, plan.upscaler) }),
    }));
    try {
      const started = performance.now();
      const common = { scale, signal } as const;
      const kernels = await runKernels(
        device,
        chosen,
        items,
        { ...common, steps, runs, seed, naturalGrid: protocol.align === "photo" },
        plan?.steps,
      );
      const images =
        plan && (await runImages(device, plan, items, kernels.estimates, { ...common, protocol }));
      const adapter = device.adapter as AdapterDescription;
      const evaluation = withImages(kernels.evaluation, images);
      const seconds = (performance.now() - started) / 1000;
      if (options.json) {
        printJson({
          version,
          adapter,
          method,
          weights: weightsJson(chosen.weights),
          ...(plan && upscalingJson(plan)),
          scale,
          align: protocol.align,
          runs,
          seed,
          ...evaluation,
          seconds,
        });
      } else {
        const count = `${items.length} ${items.length === 1 ? "image" : "images"}`;
        const estimates =
          runs === 0 ? "no estimates" : `${runs} ${runs === 1 ? "run" : "runs"} each from seed ${seed}`;
        const title = `×${scale}, ${count}, ${estimates}, on ${adapterText(adapter)}, in ${seconds.toFixed(0)} s.`;
        print(evaluationText(title, evaluation, plan?.upscaler.model));
      }
    } finally {
      await device.close();
    }
  });
}

/** Reads all kernels, and each image once: the faults of one must show now, and not after hours of work. */
async function readItems(
  { data, setting, lr, kernels, method }: EvaluateCommandOptions,
  scale: 2 | 4,
  signal: AbortSignal,
): Promise<EvaluationItem[]> {
  const folders = benchmarkFolders(scale, setting);
  const pairs = await findPairs(resolve(data, lr ?? folders.lr), resolve(data, kernels ?? folders.kernels));
  const items: EvaluationItem[] = [];
  for (const { name, path, kernelPath } of pairs) {
    const kernel = await readBenchmarkKernel(kernelPath, scale);
    const image = async () => (await readImage(path)).rgb;
    checkImage(path, await image(), method);
    items.push({ name, kernel, image });
    signal.throwIfAborted();
  }
  return items;
}

/** Checks that a kernel can be estimated from an image. */
function checkImage(path: string, image: RgbImage, method: MethodName): void {
  try {
    assertEstimable(image, method);
  } catch (cause) {
    if (!(cause instanceof EngineError)) throw cause;
    throw new InputError(`${path}: ${cause.message}`, { cause });
  }
}
