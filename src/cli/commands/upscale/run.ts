import { basename } from "node:path";
import { FeatureError, NoAdapterError } from "../../../engine/errors.js";
import type { AdapterChoice } from "../../../node/device/adapters.js";
import { CacheError, OutputError } from "../../../node/errors.js";
import { writeFileAtomic } from "../../../node/files/atomic-write.js";
import { ContactSheet, type SheetEntry } from "../../../node/image-io/contact-sheet.js";
import { leftOutText } from "../../../node/image-io/find-images.js";
import { progressShare } from "../../../pipeline/progress-share.js";
import { UPSCALER_TITLES } from "../../../upscale/upscaler-names.js";
import { WeightsError } from "../../../weights/errors.js";
import { cancellable } from "../../shared/cancellable.js";
import { RunDevice } from "../../shared/devices/run-device.js";
import { CanceledError, UsageError } from "../../shared/errors.js";
import { STREAM } from "../../shared/files/standard-streams.js";
import { InputError } from "../../shared/read-input.js";
import { shortBlurText } from "../../shared/terminal/kernel-text.js";
import { openProgress, type Progress } from "../../shared/terminal/progress.js";
import { print, printJson, printLine } from "../../shared/terminal/report.js";
import { skippedText } from "../../shared/terminal/skipped-text.js";
import { sumNote } from "../../shared/terminal/sum-note.js";
import { type PreparedOutputs, prepareOutputs } from "./files.js";
import { type Pictures, readUsableImage, type UpscaleRecord, upscaleImage } from "./image.js";
import { readInputs, type UpscaleInputOptions, type UpscaleInputs } from "./inputs.js";
import { type FailedImage, type UpscaleRun, upscaleJson, upscaleText } from "./report.js";
import { loadTools } from "./tools.js";

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
  if (options.json && options.out === STREAM) {
    throw new UsageError("Standard output takes the image or --json, not both: name a file with --out.");
  }
  const inputs = await readInputs(paths, options);
  const { kernel, align } = inputs;
  const note = kernel && align === "photo" && sumNote(`The kernel in ${kernel.path}`, kernel.kernel);
  if (note) printLine(note);
  const { unwritable, removeEmptyFolders } = await prepareOutputs(inputs.files, options);
  try {
    if (inputs.files.leftOut.length > 0) printLine(leftOutText(paths.join(", "), inputs.files.leftOut));
    const done: UpscaleRecord[] = [];
    const run = await cancellable(
      (signal) => upscaleAll(inputs, options.adapter, signal, { unwritable, done }),
      { farewell: () => canceledText(done.length, inputs.files.jobs.length) },
    );
    if (options.json) printJson(upscaleJson(run, version));
    else if (options.out === STREAM) process.stderr.write(`${upscaleText(run)}\n`);
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

/** Options of {@link upscaleAll}. */
interface UpscaleAllOptions {
  /** Why results cannot be written, for those of which it is known. */
  readonly unwritable?: PreparedOutputs["unwritable"];
  /** Gets a record of each image when its results are written. */
  readonly done?: UpscaleRecord[];
}

/**
 * Upscales all images, one after another. In a batch a bad image fails only itself.
 * @throws {InputError} if none of the images can be used.
 * @throws {CanceledError} if the signal is aborted after the first image was written.
 */
export async function upscaleAll(
  inputs: UpscaleInputs,
  adapterChoice: AdapterChoice | undefined,
  signal: AbortSignal,
  { unwritable = new Map(), done = [] }: UpscaleAllOptions = {},
): Promise<UpscaleRun> {
  const { files } = inputs;
  const { jobs } = files;
  const sheet = files.sheet === undefined ? undefined : new ContactSheet(sheetTitle(inputs));
  const failed: FailedImage[] = [];
  const started = performance.now();
  const progress = await openProgress({ total: jobs.length, quietMs: QUIET_MS });
  const device = new RunDevice(adapterChoice, (engine) => loadTools(engine, inputs));
  try {
    for (const [index, job] of jobs.entries()) {
      const problem = unwritable.get(job);
      if (problem) {
        progress.say(`${problem.message} ${job.path} is skipped.`);
        failed.push({ path: job.path, message: problem.message });
        continue;
      }
      try {
        const image = await readUsableImage(job, inputs);
        signal.throwIfAborted();
        const options = {
          signal,
          ...reporting(progress, index, inputs),
          onPictures:
            sheet && ((pictures: Pictures, made: UpscaleRecord) => sheet.add(sheetEntry(pictures, made))),
        };
        done.push(
          await device.use(
            (tools) => upscaleImage(tools, image, job, inputs, options),
            () =>
              progress.say(
                `The GPU device was lost at ${job.path}, which is upscaled once more with a new one.`,
              ),
          ),
        );
      } catch (error) {
        if (!files.batch || !isFaultOfImage(error)) throw error;
        progress.say(skippedText(job.path, error));
        failed.push({ path: job.path, message: error.message });
      }
      signal.throwIfAborted();
    }
    const { adapter } = device;
    if (!adapter || done.length === 0) {
      throw new InputError("None of the images can be used; nothing was written.");
    }
    if (sheet && files.sheet !== undefined) await writeFileAtomic(files.sheet, await sheet.encode());
    return { adapter, inputs, done, failed, seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    if (!signal.aborted || error !== signal.reason || done.length === 0) throw error;
    throw new CanceledError(canceledText(done.length, jobs.length));
  } finally {
    progress.stop();
    await device.close();
  }
}

function canceledText(done: number, total: number): string {
  return done === 0 ? new CanceledError().message : `Canceled; ${done} of ${total} images were written.`;
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

/** Errors that every other image would meet too. */
const FAULTS_OF_RUN = [
  CanceledError,
  CacheError,
  FeatureError,
  InputError,
  NoAdapterError,
  OutputError,
  UsageError,
  WeightsError,
];

/** Whether an error may be about one image, so that others can still be upscaled. */
function isFaultOfImage(error: unknown): error is Error {
  return error instanceof Error && !FAULTS_OF_RUN.some((kind) => error instanceof kind);
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
