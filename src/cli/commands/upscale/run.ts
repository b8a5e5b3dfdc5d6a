import { basename } from "node:path";
import type { Engine } from "../../../engine/engine.js";
import { NumericalError, OutOfMemoryError } from "../../../engine/errors.js";
import { SpectralEstimator } from "../../../estimate/spectral/spectral-estimator.js";
import { ImageError } from "../../../image/errors.js";
import type { AdapterChoice } from "../../../node/device/adapters.js";
import { createEngine } from "../../../node/device/create-engine.js";
import { writeFileAtomic } from "../../../node/files/atomic-write.js";
import { ContactSheet, type SheetEntry } from "../../../node/image-io/contact-sheet.js";
import { UpscaleError } from "../../../upscale/errors.js";
import { MIN_TILE } from "../../../upscale/tiles/limits.js";
import type { UpscaleFactor } from "../../../upscale/upscaler.js";
import type { Precision } from "../../../weights/layouts/usrnet-layout.js";
import { cancellable } from "../../shared/cancellable.js";
import { CancelledError, UsageError } from "../../shared/errors.js";
import { type ChosenUpscaler, readUpscaler } from "../../shared/methods/upscaler.js";
import { type UpscalerName, upscalerTitle } from "../../shared/methods/upscaler-names.js";
import type { Sigma } from "../../shared/options/shared-options.js";
import { InputError } from "../../shared/read-input.js";
import { shortBlurText } from "../../shared/terminal/kernel-text.js";
import { print, printJson, printLine } from "../../shared/terminal/report.js";
import { skippedText } from "../../shared/terminal/skipped-text.js";
import { openUpscaleProgress } from "../../shared/terminal/upscale-progress.js";
import { readSpectralWeights } from "../../shared/weights/spectral-weights-files.js";
import type { ReadWeights } from "../../shared/weights/weights-files.js";
import { planUpscaleFiles, prepareOutputs, type UpscaleFileOptions, type UpscaleFiles } from "./files.js";
import {
  type UpscaledPictures,
  type UpscaleRecord,
  type UpscaleReporter,
  type UpscaleSettings,
  type UpscaleTools,
  upscaleImage,
} from "./image.js";
import { type KernelSourceOptions, readKernelSource } from "./kernel-source.js";
import { type FailedImage, type UpscaleRun, upscaleJson, upscaleText } from "./report.js";

/** The options of `metakernelgan upscale`, as Commander gives them. */
export interface UpscaleCommandOptions extends UpscaleFileOptions, KernelSourceOptions {
  readonly scale: "1" | "2" | "3" | "4";
  readonly sigma: Sigma;
  /** USRNet if there are weights for it, unless given. */
  readonly model?: UpscalerName;
  readonly weights?: string;
  readonly precision: Precision;
  readonly boundary: "natural" | "circular";
  readonly tile?: number;
  readonly json?: boolean;
  readonly adapter?: AdapterChoice;
}

/** Of the work on an image, the share of which its kernel is estimated in steps, roughly. */
const ESTIMATE_SHARE: Readonly<Record<UpscalerName, number>> = { small: 0.8, usrnet: 0.3, fast: 0.95 };

/** `metakernelgan upscale`. */
export async function upscale(
  inputs: readonly string[],
  options: UpscaleCommandOptions,
  version: string,
): Promise<void> {
  const scale = Number(options.scale) as UpscaleFactor;
  const { kernel, weights, start, sigma, boundary, tile } = options;
  if (tile !== undefined && tile < MIN_TILE * scale) {
    throw new UsageError(`--tile is at least ${MIN_TILE * scale} at ×${scale}.`);
  }
  const read = [kernel, weights, start].filter((path) => path !== undefined);
  const files = await planUpscaleFiles(inputs, options, read);
  const source = await readKernelSource(options, scale);
  const upscaler = await readUpscaler(options.model, weights, "--weights", options.precision);
  // The noise is read off the spectrum, also where the kernel is not.
  const spectral = sigma === "auto" ? await readSpectralWeights(scale === 4 ? 4 : 2) : undefined;
  const clean = await prepareOutputs(files, options);
  const takesSteps = source.kind === "estimated" && source.steps > 0;
  const estimateShare = takesSteps ? ESTIMATE_SHARE[upscaler.model] : 0;
  try {
    const run = await cancellable((signal) =>
      upscaleAll(
        files,
        upscaler,
        { scale, sigma, boundary, tile, source, estimateShare, signal },
        spectral,
        options.adapter,
      ),
    );
    if (options.json) printJson(upscaleJson(run, version));
    else print(upscaleText(run));
    if (run.failed.length > 0) {
      const paths = run.failed.map(({ path }) => path).join(", ");
      printLine(`${run.failed.length} of ${files.jobs.length} images were skipped: ${paths}.`);
      process.exitCode = 1;
    }
  } finally {
    await clean();
  }
}

async function upscaleAll(
  files: UpscaleFiles,
  upscaler: ChosenUpscaler,
  settings: UpscaleSettings,
  spectral: ReadWeights | undefined,
  adapter: AdapterChoice | undefined,
): Promise<UpscaleRun> {
  const { signal } = settings;
  const { jobs } = files;
  const tools = new LazyTools(upscaler, settings, spectral, adapter);
  const sheet = files.sheet === undefined ? undefined : new ContactSheet(sheetTitle(upscaler, settings));
  const show =
    sheet && ((pictures: UpscaledPictures, record: UpscaleRecord) => sheet.add(sheetEntry(pictures, record)));
  const done: UpscaleRecord[] = [];
  const failed: FailedImage[] = [];
  const started = performance.now();
  const progress = await openUpscaleProgress(jobs.length);
  try {
    for (const [index, job] of jobs.entries()) {
      const reporter: UpscaleReporter = {
        update: (what, share) => progress.update(index, what, share),
        say: (text) => progress.say(text),
      };
      try {
        done.push(await upscaleImage(job, settings, () => tools.open(), reporter, show));
      } catch (error) {
        if (!files.batch || !isFaultOfImage(error)) throw error;
        progress.say(skippedText(job.path, error));
        failed.push({ path: job.path, message: error.message });
      }
      signal.throwIfAborted();
    }
    if (done.length === 0) throw new InputError("None of the images can be used; nothing was written.");
    if (sheet && files.sheet !== undefined) await writeFileAtomic(files.sheet, await sheet.encode());
    const { adapter } = (await tools.open()).engine;
    const seconds = (performance.now() - started) / 1000;
    return { adapter, files, upscaler, settings, done, failed, seconds };
  } catch (error) {
    if (!signal.aborted || error !== signal.reason || done.length === 0) throw error;
    throw new CancelledError(`Cancelled; ${done.length} of ${jobs.length} images were written.`);
  } finally {
    progress.stop();
    tools.dispose();
  }
}

/** A device is opened for the first image that can be used, and serves all. */
class LazyTools {
  private engine?: Engine;
  private tools?: UpscaleTools;

  constructor(
    private readonly upscaler: ChosenUpscaler,
    private readonly settings: UpscaleSettings,
    private readonly spectral: ReadWeights | undefined,
    private readonly adapter: AdapterChoice | undefined,
  ) {}

  async open(): Promise<UpscaleTools> {
    if (this.tools) return this.tools;
    const engine = await createEngine({ adapter: this.adapter });
    this.engine = engine;
    const { source } = this.settings;
    const estimator = source.kind === "estimated" ? await source.estimator.create(engine) : undefined;
    const spectrum = this.spectral && (await SpectralEstimator.load(engine, this.spectral.file));
    this.tools = { engine, upscaler: await this.upscaler.create(engine), estimator, spectrum };
    return this.tools;
  }

  dispose(): void {
    this.tools?.upscaler.dispose();
    this.engine?.dispose();
  }
}

/** Whether an error is about one image, so that others can still go well. */
function isFaultOfImage(error: unknown): error is Error {
  return [ImageError, UpscaleError, NumericalError, OutOfMemoryError].some((kind) => error instanceof kind);
}

function sheetTitle({ model }: ChosenUpscaler, { scale }: UpscaleSettings): string {
  return `×${scale}: before, by cubic convolution | after, by ${upscalerTitle(model)} | kernel; the middle of each at full size.`;
}

function sheetEntry(
  pictures: UpscaledPictures,
  { job, width, height, kernel, plan }: UpscaleRecord,
): SheetEntry {
  return {
    ...pictures,
    label: `${basename(job.path)}, ${width}×${height} to ${plan.width}×${plan.height}`,
    kernel,
    notes: [`${kernel.size}×${kernel.size}`, ...shortBlurText(kernel)],
  };
}
