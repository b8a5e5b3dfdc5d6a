import type { Engine } from "../../../engine/device/engine.js";
import { isAdaptive } from "../../../estimate/adaptation/adaptive-estimator.js";
import type { KernelEstimate } from "../../../estimate/kernel-estimator.js";
import { METHODS } from "../../../estimate/methods/methods.js";
import { blurInWords } from "../../../estimate/spectral/blur-in-words.js";
import { type BlurKernel, kernelRows } from "../../../kernel/blur-kernel.js";
import { kernelSum } from "../../../kernel/normalize-kernel.js";
import type { PhotoKind } from "../../../model/spectral/whole-reading.js";
import { adapterText } from "../../shared/terminal/adapter-text.js";
import { blurText, covarianceText, kernelPicture } from "../../shared/terminal/kernel-text.js";
import { labeled, seconds } from "../../shared/terminal/report.js";
import { weightsJson } from "../../shared/weights/weights-files.js";
import type { EstimateInputs } from "./inputs.js";
import { isSpectral } from "./possible-read.js";

/** A finished run. */
export interface EstimateRun {
  readonly inputs: EstimateInputs;
  readonly engine: Engine;
  readonly result: KernelEstimate;
  /** Milliseconds from the start of the process to the first step, and from there to the kernel. */
  readonly milliseconds: { readonly startup: number; readonly adapt: number };
}

/** What `--json` prints: everything needed to run the estimate again. */
export function estimateJson(run: EstimateRun, version: string): Record<string, unknown> {
  const { inputs, engine, result, milliseconds } = run;
  const { path, image, estimator, steps, seed, noise, snapshots, out, orientation } = inputs;
  const { kernel } = result;
  const { kernels, losses, patches } = isAdaptive(result)
    ? result
    : { kernels: [kernel], losses: [], patches: [] };
  return {
    version,
    adapter: engine.adapter,
    image: { path, width: image.width, height: image.height },
    method: estimator.method,
    weights: weightsJson(estimator.weights),
    scale: result.scale,
    steps,
    seed,
    noise,
    seconds: { startup: milliseconds.startup / 1000, adapt: milliseconds.adapt / 1000 },
    orientation: kernel.orientation,
    kernel: kernelRows(kernel),
    kernels: Object.fromEntries(
      kernels.flatMap((each: BlurKernel, step) =>
        snapshots.includes(step) ? [[step, kernelRows(each)]] : [],
      ),
    ),
    losses,
    patches,
    spectral: isSpectral(result)
      ? {
          covariance: result.covariance,
          noise: result.noise,
          ...result.uncertainty,
          photo: result.photo ?? null,
        }
      : null,
    files: out.map((file) => ({ path: file, orientation })),
    notes: image.notes,
  };
}

/** A run in words. */
export function estimateText({ inputs, engine, result, milliseconds }: EstimateRun): string {
  const { estimator, steps, seed, out, orientation } = inputs;
  const { kernel, scale, noise, uncertainty } = result;
  const photo = isSpectral(result) ? result.photo : undefined;
  const { startup, adapt } = milliseconds;
  const lines = labeled([
    ["sum", kernelSum(kernel).toFixed(4)],
    ["blur", blurText(kernel)],
    ["probably", isSpectral(result) ? blurInWords(result) : undefined],
    ["covariance", covarianceText(kernel)],
    ["noise", noise === undefined ? undefined : noiseText(noise, photo)],
    ["error", uncertainty && `a K-COV of about ${uncertainty.error.toFixed(2)} square pixels is likely`],
    ["adapter", adapterText(engine.adapter)],
    ["time", `${seconds(startup)} to start, ${seconds(adapt)} for the ${steps > 0 ? "steps" : "estimate"}`],
    [
      "written",
      out.length > 0
        ? `${out.join(", ")}, for ${orientation === "convolution" ? "convolution" : "cross-correlation"}`
        : undefined,
    ],
  ]);
  const how = isAdaptive(result)
    ? `after ${steps} ${steps === 1 ? "step" : "steps"} with seed ${seed}`
    : `by ${METHODS[estimator.method].title}`;
  const title = `Kernel for ×${scale}, ${kernel.size}×${kernel.size}, ${how}:`;
  const picture = process.stdout.isTTY ? `\n${kernelPicture(kernel)}\n` : "";
  return `${title}\n${picture}${lines}`;
}

/** The noise's level and kind. */
function noiseText(noise: number, photo: PhotoKind | undefined): string {
  const level = `standard deviation ${noise.toFixed(1)} of 255`;
  if (!photo) return level;
  const kind = photo.camera > 0.5 ? ", a camera's: neighboring pixels share it" : "";
  const jpeg = photo.compressed > 0.5 ? `, with JPEG of quality ${Math.round(photo.quality)} or so` : "";
  return level + kind + jpeg;
}
