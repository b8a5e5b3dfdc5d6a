import type { RunFolder } from "../../../../node/runs/run-folder.js";
import type { RunResult } from "../../../../node/runs/training-run.js";
import type { Training } from "../../../../train/training.js";
import type { CurveLabels } from "../../../../train/training-curves.js";
import { adapterText } from "../../../shared/terminal/adapter-text.js";
import { labeled } from "../../../shared/terminal/report.js";

/** What a run has made, in words. */
export function trainingReport({ curves }: Pick<Training, "curves">, { folder, adapter }: RunResult): string {
  const { training, schedule } = folder.config;
  const { steps } = schedule;
  if (!adapter) return `The run in ${folder.path} has taken its ${steps} steps already.`;
  const last = folder.entries.findLast((entry) => "seconds" in entry);
  return `Trained ${training} for ${steps} ${steps === 1 ? "step" : "steps"}.\n${labeled([
    ["best", `${folder.bestPath}${bestText(curves, folder)}`],
    ["checkpoint", folder.checkpointPath],
    ["adapter", adapterText(adapter)],
    [
      "time",
      last && `${(last.seconds / 60).toFixed(1)} min, ${last.millisecondsPerStep} ms a step in the end`,
    ],
  ])}`;
}

/** When the best network was found, and how good it is; nothing for a run without validations. */
function bestText({ validation }: CurveLabels, folder: RunFolder): string {
  const best = validation && folder.bestValidation(validation.score);
  if (!best) return "";
  const score = best.validation[validation.score] ?? Number.NaN;
  return `, of step ${best.step}: ${validation.name} ${score.toFixed(2)} ${validation.unit}`;
}
