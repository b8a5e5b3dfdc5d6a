import { createHash } from "node:crypto";
import type { AdapterChoice } from "../../../../node/device/adapters.js";
import type { DataSource } from "../../../../node/runs/data-source.js";
import { IMAGE_SOURCE } from "../../../../node/runs/training-images.js";
import { type RunResult, trainingRunFrom } from "../../../../node/runs/training-run.js";
import type { CommonSettings, Training, TrainingImages } from "../../../../train/training.js";
import { cancellable } from "../../../shared/cancellable.js";
import { parseInput } from "../../../shared/read-input.js";
import { adapterText } from "../../../shared/terminal/adapter-text.js";
import { printLine } from "../../../shared/terminal/report.js";
import { readWeights } from "../../../shared/weights/weights-files.js";
import { TERMINAL_DISPLAY } from "./display.js";
import { resolveOptions, type TrainOptions } from "./settings.js";

/** The options of a training, and where it runs. */
type Options<Settings extends CommonSettings> = TrainOptions<Settings> & { readonly adapter?: AdapterChoice };

/**
 * Runs a training on images as its options say, until it ends or the user presses Ctrl-C.
 * @param check throws a {@link UsageError} if settings do not fit each other.
 */
export function runTraining<Settings extends CommonSettings>(
  training: Training<Settings>,
  options: Options<Settings>,
  version: string,
  check?: (settings: Settings) => void,
): Promise<RunResult> {
  return runTrainingFrom<Settings, TrainingImages>(IMAGE_SOURCE, training, options, version, check);
}

/** {@link runTraining} on data of any kind. */
export function runTrainingFrom<Settings extends CommonSettings, Data>(
  source: DataSource<Settings, Data>,
  training: Training<Settings, Data>,
  options: Options<Settings>,
  version: string,
  check?: (settings: Settings) => void,
): Promise<RunResult> {
  const { out, resume = false, adapter } = options;
  const run = (signal: AbortSignal) =>
    trainingRunFrom(source, {
      training,
      out,
      resume,
      version,
      adapter,
      signal,
      display: TERMINAL_DISPLAY,
      plan: async (saved) => {
        const resolved = resolveOptions(training, options, saved, check);
        return { ...resolved, init: await readInit(training, resolved.settings, options.init) };
      },
      onOtherAdapter: (before, now) =>
        printLine(
          `The run was begun on ${adapterText(before)} and continues on ${adapterText(now)}, which rounds differently.`,
        ),
    });
  return cancellable(run, { saves: true });
}

/** @throws {InputError} if the file cannot be read, or holds another network. */
async function readInit<Settings extends CommonSettings>(
  training: Pick<Training<Settings>, "initialize">,
  settings: Settings,
  path: string | undefined,
) {
  if (path === undefined) return undefined;
  const { file } = await readWeights(path, (given) => training.initialize(settings, given));
  const sha256 = await parseInput(path, (bytes) => createHash("sha256").update(bytes).digest("hex"));
  return { file, sha256 };
}
