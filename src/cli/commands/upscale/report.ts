import { dirname } from "node:path";
import type { AdapterDescription } from "../../../engine/device/adapter.js";
import { kernelRows } from "../../../kernel/blur-kernel.js";
import { normalizeKernel } from "../../../kernel/normalize-kernel.js";
import { UPSCALER_TITLES } from "../../../upscale/upscaler-names.js";
import { adapterText } from "../../shared/terminal/adapter-text.js";
import { blurText } from "../../shared/terminal/kernel-text.js";
import { labeled, seconds } from "../../shared/terminal/report.js";
import { weightsJson } from "../../shared/weights/weights-files.js";
import type { UpscaleRecord } from "./image.js";
import type { UpscaleInputs } from "./inputs.js";
import { memoryText, tilesText } from "./plan-text.js";

/** An image of a batch that could not be upscaled. */
export interface FailedImage {
  readonly path: string;
  readonly message: string;
}

/** A finished run. */
export interface UpscaleRun {
  readonly adapter: AdapterDescription;
  readonly inputs: UpscaleInputs;
  readonly done: readonly UpscaleRecord[];
  readonly failed: readonly FailedImage[];
  readonly seconds: number;
}

/** What `--json` prints. */
export function upscaleJson(run: UpscaleRun, version: string): Record<string, unknown> {
  const { adapter, inputs, done, failed, seconds } = run;
  const { scale, sigma, boundary, align, kernel, estimate, upscaler, files } = inputs;
  return {
    version,
    adapter,
    model: upscaler.model,
    weights: weightsJson(upscaler.weights),
    precision: upscaler.precision,
    scale,
    sigma,
    boundary,
    align,
    kernelFile: kernel?.path ?? null,
    estimate: estimate
      ? {
          method: estimate.estimator.method,
          weights: weightsJson(estimate.estimator.weights),
          steps: estimate.steps,
          seed: estimate.seed,
        }
      : null,
    images: done.map(imageJson),
    failed,
    leftOut: files.leftOut,
    sheet: files.sheet ?? null,
    seconds,
  };
}

function imageJson({ job, width, height, kernel, sigma, plan, milliseconds, notes }: UpscaleRecord) {
  return {
    path: job.path,
    width,
    height,
    orientation: kernel.orientation,
    kernel: kernelRows(kernel),
    sigma,
    out: { path: job.out, width: plan.width, height: plan.height },
    compare: job.compare ?? null,
    tiles: plan.tiles,
    bytes: plan.bytes,
    seconds: { estimate: milliseconds.estimate / 1000, upscale: milliseconds.upscale / 1000 },
    notes,
  };
}

/** A run in words. */
export function upscaleText({ inputs, done, adapter }: UpscaleRun): string {
  const { files, scale, upscaler, estimate } = inputs;
  const how = `×${scale} by ${UPSCALER_TITLES[upscaler.model]}`;
  const total = (part: "estimate" | "upscale") =>
    seconds(done.reduce((sum, { milliseconds }) => sum + milliseconds[part], 0));
  const time = `${total("upscale")} to upscale`;
  const common = [
    ["contact sheet", files.sheet],
    ["adapter", adapterText(adapter)],
    ["time", estimate ? `${total("estimate")} to estimate the blur, ${time}` : time],
  ] as const;
  const [only] = done;
  if (files.batch) {
    const title = `${done.length} of ${files.jobs.length} images upscaled ${how}:`;
    return `${title}\n${labeled([["written into", dirname(only.job.out)], ...common])}`;
  }
  const { job, width, height, kernel, sigma, plan } = only;
  return `${job.path}, ${width}×${height}, upscaled ${how}:\n${labeled([
    ["written", `${job.out}, ${plan.width}×${plan.height}`],
    ["comparison", job.compare],
    ["blur", blurText(normalizeKernel(kernel))],
    ["sigma", `${sigma.toFixed(1)} of 255`],
    ["memory", `${memoryText(plan.bytes)} on the GPU, ${tilesText(plan.tiles)}`],
    ...common,
  ])}`;
}
