import { dirname } from "node:path";
import type { AdapterDescription } from "../../../engine/device/adapter.js";
import { kernelRows } from "../../../kernel/blur-kernel.js";
import type { ChosenUpscaler } from "../../shared/methods/upscaler.js";
import { upscalerTitle } from "../../shared/methods/upscaler-names.js";
import { adapterText } from "../../shared/terminal/adapter-text.js";
import { blurText } from "../../shared/terminal/kernel-text.js";
import { labelled, seconds } from "../../shared/terminal/report.js";
import { weightsJson } from "../../shared/weights/weights-files.js";
import type { UpscaleFiles } from "./files.js";
import { memoryText, tilesText, type UpscaleRecord, type UpscaleSettings } from "./image.js";

/** An image of many that could not be upscaled. */
export interface FailedImage {
  readonly path: string;
  readonly message: string;
}

/** A finished run. */
export interface UpscaleRun {
  readonly adapter: AdapterDescription;
  readonly files: UpscaleFiles;
  readonly upscaler: ChosenUpscaler;
  readonly settings: UpscaleSettings;
  readonly done: readonly UpscaleRecord[];
  readonly failed: readonly FailedImage[];
  readonly seconds: number;
}

/** What `--json` prints. */
export function upscaleJson(run: UpscaleRun, version: string): Record<string, unknown> {
  const { adapter, files, upscaler, settings, done, failed } = run;
  const { scale, sigma, boundary, source } = settings;
  return {
    version,
    adapter,
    model: upscaler.model,
    weights: weightsJson(upscaler.weights),
    precision: upscaler.precision,
    scale,
    sigma,
    boundary,
    kernelFile: source.kind === "given" ? source.path : null,
    estimate:
      source.kind === "given"
        ? null
        : {
            method: source.estimator.method,
            start: weightsJson(source.estimator.weights),
            steps: source.steps,
            seed: source.seed,
          },
    images: done.map(imageJson),
    failed,
    sheet: files.sheet ?? null,
    seconds: run.seconds,
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
export function upscaleText(run: UpscaleRun): string {
  const { files, done, settings, upscaler } = run;
  const by = `×${settings.scale} by ${upscalerTitle(upscaler.model)}`;
  const total = (part: "estimate" | "upscale") =>
    seconds(done.reduce((sum, { milliseconds }) => sum + milliseconds[part], 0));
  const time = `${total("upscale")} to upscale`;
  const common = [
    ["contact sheet", files.sheet],
    ["adapter", adapterText(run.adapter)],
    ["time", settings.source.kind === "given" ? time : `${total("estimate")} to estimate the blur, ${time}`],
  ] as const;
  const [only] = done;
  if (files.batch) {
    const title = `${done.length} of ${files.jobs.length} images upscaled ${by}:`;
    return `${title}\n${labelled([["written into", dirname(only.job.out)], ...common])}`;
  }
  const { job, width, height, kernel, sigma, plan } = only;
  return `${job.path}, ${width}×${height}, upscaled ${by}:\n${labelled([
    ["written", `${job.out}, ${plan.width}×${plan.height}`],
    ["comparison", job.compare],
    ["blur", blurText(kernel)],
    ["sigma", `${sigma.toFixed(1)} of 255`],
    ["memory", `${memoryText(plan.bytes)} on the GPU, ${tilesText(plan.tiles)}`],
    ...common,
  ])}`;
}
