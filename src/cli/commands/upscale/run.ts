import { basename } from "node:path";
import type { AdapterDescription } from "../../../engine/device/adapter.js";
import { NumericalError, OutOfMemoryError } from "../../../engine/errors.js";
import { ImageError } from "../../../image/errors.js";
import type { AdapterChoice } from "../../../node/device/adapters.js";
import { writeFileAtomic } from "../../../node/files/atomic-write.js";
import { ContactSheet, type SheetEntry } from "../../../node/image-io/contact-sheet.js";
import { progressShare } from "../../../pipeline/progress-share.js";
import { UpscaleError } from "../../../upscale/errors.js";
import { UPSCALER_TITLES } from "../../../upscale/upscaler-names.js";
import { cancellable } from "../../shared/cancellable.js";
import { CancelledError } from "../../shared/errors.js";
import { InputError } from "../../shared/read-input.js";
import { shortBlurText } from "../../shared/terminal/kernel-text.js";
import { openProgress, type Progress } from "../../shared/terminal/progress.js";
import { print, printJson, printLine } from "../../shared/terminal/report.js";
import { skippedText } from "../../shared/terminal/skipped-text.js";
import { sumNote } from "../../shared/terminal/sum-note.js";
import { prepareOutputs } from "./files.js";
import { type Pictures, readUsableImage, type UpscaleRecord, upscaleImage } from "./image.js";
import { readInputs, type UpscaleInputOptions, type UpscaleInputs } from "./inputs.js";
import { type FailedImage, type UpscaleRun, upscaleJson, upscaleText } from "./report.js";
import { closeTools, type DeviceTools, openTools } from "./tools.js";

/** The options of `metakernelgan upscale`, as Commander gives them. */
export interface UpscaleCommandOptions extends UpscaleInputOptions {
  readonly json?: boolean;
  readonly adapter?: AdapterChoice;
}

/** A run that is over sooner prints no lines about its progress. */
const QUIET_MS = 10_000;

/** `metakernelgan upscale`. */
export async function upscale(
  paths: readonly string[],
  options: UpscaleCommandOptions,
  version: string,
): Promise<void> {
  const inputs = await readInputs(paths, options);
  const { kernel, align } = inputs;
  const note = kernel && align === "photo" && sumNote(`The kernel in ${kernel.path}`, kernel.kernel);
  if (note) printLine(note);
  const removeEmptyFolders = await prepareOutputs(inputs.files, options);
  try {
    const run = await cancellable((signal) => upscaleAll(inputs, options.adapter, signal));
    if (options.json) printJson(upscaleJson(run, version));
    else print(upscaleText(run));
    if (run.failed.length > 0) {
      const failed = run.failed.map(({ path }) => path).join(", ");
      printLine(`${run.failed.length} of ${inputs.files.jobs.length} images were skipped: ${failed}.`);
      process.exitCode = 1;
    }
  } finally {
    await removeEmptyFolders();
  }
}

/**
 * Upscales all images, one after another. In a batch a bad image fails only itself.
 * @throws {InputError} if none of the images can be used.
 * @throws {CancelledError} if the signal is aborted after the first image was written.
 */
export async function upscaleAll(
  inputs: UpscaleInputs,
  adapterChoice: AdapterChoice | undefined,
  signal: AbortSignal,
): Promise<UpscaleRun> {
  const { files } = inputs;
  const { jobs } = files;
  const sheet = files.sheet === undefined ? undefined : new ContactSheet(sheetTitle(inputs));
  const done: UpscaleRecord[] = [];
  const failed: FailedImage[] = [];
  const started = performance.now();
  const progress = await openProgress({ total: jobs.length, quietMs: QUIET_MS });
  let tools: DeviceTools | undefined;
  let adapter: AdapterDescription | undefined;
  try {
    for (const [index, job] of jobs.entries()) {
      try {
        const image = await readUsableImage(job, inputs);
        signal.throwIfAborted();
        tools ??= await openTools(inputs, adapterChoice);
        adapter = tools.engine.adapter;
        const record = await upscaleImage(tools, image, job, inputs, {
          signal,
          ...reporting(progress, index, inputs),
          onPictures: sheet && ((pictures, made) => sheet.add(sheetEntry(pictures, made))),
        });
        done.push(record);
      } catch (error) {
        if (!files.batch || !isFaultOfImage(error)) throw error;
        progress.say(skippedText(job.path, error));
        failed.push({ path: job.path, message: error.message });
        // What was lost with the memory is unknown, so the next image gets a new device.
        if (error instanceof OutOfMemoryError && tools) closeTools(tools);
        if (error instanceof OutOfMemoryError) tools = undefined;
      }
      signal.throwIfAborted();
    }
    if (!adapter || done.length === 0) {
      throw new InputError("None of the images can be used; nothing was written.");
    }
    if (sheet && files.sheet !== undefined) await writeFileAtomic(files.sheet, await sheet.encode());
    return { adapter, inputs, done, failed, seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    if (!signal.aborted || error !== signal.reason || done.length === 0) throw error;
    throw new CancelledError(`Cancelled; ${done.length} of ${jobs.length} images were written.`);
  } finally {
    progress.stop();
    if (tools) closeTools(tools);
  }
}

/** Shows one image's progress as a part of all. */
function reporting(progress: Progress, index: number, { files, estimate, upscaler }: UpscaleInputs) {
  const place = files.jobs.length === 1 ? "" : `image ${index + 1} of ${files.jobs.length}: `;
  const steps = estimate?.steps ?? 0;
  return {
    say: progress.say,
    onProgress: (made: Parameters<typeof progressShare>[0]) =>
      progress.update(
        index + progressShare(made, steps, upscaler.model),
        `${place}${made.phase === "kernel" ? "estimating the kernel" : "upscaling"}`,
      ),
  };
}

/** Whether an error is about one image, so that others can still be upscaled. */
function isFaultOfImage(error: unknown): error is Error {
  return [ImageError, UpscaleError, NumericalError, OutOfMemoryError].some((kind) => error instanceof kind);
}

function sheetTitle({ upscaler, scale }: UpscaleInputs): string {
  const after = `after, by ${UPSCALER_TITLES[upscaler.model]}`;
  return `×${scale}: before, by cubic convolution | ${after} | kernel; the middle of each at full size.`;
}

function sheetEntry(pictures: Pictures, { job, width, height, kernel, plan }: UpscaleRecord): SheetEntry {
  return {
    ...pictures,
    label: `${basename(job.path)}, ${width}×${height} to ${plan.width}×${plan.height}`,
    kernel,
    notes: [`${kernel.size}×${kernel.size}`, ...shortBlurText(kernel)],
  };
}
