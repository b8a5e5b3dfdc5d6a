import { createHash } from "node:crypto";
import type { AdapterChoice } from "../../../../node/device/adapters.js";
import { type RunResult, trainingRun } from "../../../../node/runs/training-run.js";
import type { CommonSettings, Training } from "../../../../train/training.js";
import { cancellable } from "../../../shared/cancellable.js";
import { parseInput } from "../../../shared/read-input.js";
import { adapterText } from "../../../shared/terminal/adapter-text.js";
import { printLine } from "../../../shared/terminal/report.js";
import { readWeights } from "../../../shared/weights/weights-files.js";
import { TERMINAL_DISPLAY } from "./display.js";
import { resolveOptions, type TrainOptions } from "./settings.js";

/**
 * Runs a training as its options say, until it ends or the user presses Ctrl-C.
 * @param check throws a {@link UsageError} if settings do not fit each other.
 */
export function runTraining<Settings extends CommonSettings>(
  training: Training<Settings>,
  options: TrainOptions<Settings> & { readonly adapter?: AdapterChoice },
  version: string,
  check?: (settings: Settings) => void,
): Promise<RunResult> {
  const { out, resume = false, adapter } = options;
  const run = (signal: AbortSignal) =>
    trainingRun({
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
  training: Training<Settings>,
  settings: Settings,
  path: string | undefined,
) {
  if (path === undefined) return undefined;
  const { file } = await readWeights(path, (given) => training.initialize(settings, given));
  const sha256 = await parseInput(path, (bytes) => createHash("sha256").update(bytes).digest("hex"));
  return { file, sha256 };
}
