import { resolve } from "node:path";
import type { EvaluationItem } from "../../../benchmark/kernel-evaluation.js";
import { EngineError } from "../../../engine/errors.js";
import type { RgbImage } from "../../../image/rgb-image.js";
import type { BenchmarkSetting } from "../../../kernel/degradation/benchmark.js";
import type { AdapterChoice } from "../../../node/device/adapters.js";
import { createEngine } from "../../../node/device/create-engine.js";
import { benchmarkFolders, findPairs, readBenchmarkKernel } from "../../../node/files/benchmark-folder.js";
import { readImage } from "../../../node/image-io/read-image.js";
import { protocolOf } from "../../../upscale/protocol.js";
import { cancellable } from "../../shared/cancellable.js";
import { UsageError } from "../../shared/errors.js";
import { assertEstimable } from "../../shared/methods/assert-estimable.js";
import { COMPARED_STEPS, type EstimationMethodName } from "../../shared/methods/estimation-methods.js";
import { readEstimator } from "../../shared/methods/estimator.js";
import { InputError } from "../../shared/read-input.js";
import { adapterText } from "../../shared/terminal/adapter-text.js";
import { print, printJson } from "../../shared/terminal/report.js";
import { weightsJson } from "../../shared/weights/weights-files.js";
import { withImages } from "./full-evaluation.js";
import { type EvaluateImagesOptions, imageSteps, planImages, runImages, upscalingJson } from "./images.js";
import { runKernels } from "./kernels.js";
import { evaluationText } from "./report.js";

/** The options of `metakernelgan evaluate`, as Commander gives them. */
export interface EvaluateCommandOptions extends EvaluateImagesOptions {
  readonly scale: "2" | "4";
  readonly setting: BenchmarkSetting;
  readonly lr?: string;
  readonly kernels?: string;
  readonly method: EstimationMethodName;
  /** Those of the method's paper, unless given. */
  readonly steps?: readonly number[];
  readonly runs: number;
  readonly seed: number;
  readonly weights?: string;
  readonly adapter?: AdapterChoice;
  readonly json?: boolean;
}

/** `metakernelgan evaluate`. */
export async function evaluate(options: EvaluateCommandOptions, version: string): Promise<void> {
  const { runs, seed } = options;
  const scale = options.scale === "4" ? 4 : 2;
  const steps = runs === 0 ? [] : (options.steps ?? COMPARED_STEPS[options.method]);
  const stepsOfImages = imageSteps(options, steps);
  if (runs === 0 && !stepsOfImages) {
    throw new UsageError("--runs 0 estimates nothing, so it goes with --images only.");
  }
  await cancellable(async (signal) => {
    const items = await readItems(options, scale, signal);
    const { method, weights } = options;
    const estimator = await readEstimator({ method, scale, weights });
    const plan = stepsOfImages && (await planImages(options, items, stepsOfImages, { scale, signal }));
    signal.throwIfAborted();
    const engine = await createEngine({ adapter: options.adapter });
    try {
      const started = performance.now();
      const common = { scale, signal } as const;
      const kernels = await runKernels(
        await estimator.create(engine),
        items,
        { ...common, steps, runs, seed, naturalGrid: options.setting === "camera" },
        plan?.steps,
      );
      const protocol = protocolOf(options.setting);
      const images =
        plan && (await runImages(engine, plan, items, kernels.estimates, { ...common, protocol }));
      const evaluation = withImages(kernels.evaluation, images);
      const seconds = (performance.now() - started) / 1000;
      if (options.json) {
        printJson({
          version,
          adapter: engine.adapter,
          method: estimator.method,
          weights: weightsJson(estimator.weights),
          ...(plan && upscalingJson(plan)),
          scale,
          runs,
          seed,
          ...evaluation,
          seconds,
        });
      } else {
        const count = `${items.length} ${items.length === 1 ? "image" : "images"}`;
        const estimates =
          runs === 0 ? "no estimates" : `${runs} ${runs === 1 ? "run" : "runs"} each from seed ${seed}`;
        const title = `×${scale}, ${count}, ${estimates}, on ${adapterText(engine.adapter)}, in ${seconds.toFixed(0)} s.`;
        print(evaluationText(title, evaluation, plan?.upscaler.model));
      }
    } finally {
      engine.dispose();
    }
  });
}

/** Reads all kernels, and each image once: what is wrong with one is to be known before hours of work. */
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

/** Makes sure that a kernel can be estimated from an image. */
function checkImage(path: string, image: RgbImage, method: EstimationMethodName): void {
  try {
    assertEstimable(image, method);
  } catch (cause) {
    if (!(cause instanceof EngineError)) throw cause;
    throw new InputError(`${path}: ${cause.message}`, { cause });
  }
}
