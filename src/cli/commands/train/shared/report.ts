import type { RunResult } from "../../../../node/runs/training-run.js";
import { adapterText } from "../../../shared/terminal/adapter-text.js";
import { labelled } from "../../../shared/terminal/report.js";

/**
 * What a run has made, in words.
 * @param best about the weights to use, if there is something to say.
 */
export function trainingReport({ folder, adapter }: RunResult, best?: string): string {
  const { training, schedule } = folder.config;
  const { steps } = schedule;
  if (!adapter) return `The run in ${folder.path} has taken its ${steps} steps already.`;
  const last = folder.entries.findLast((entry) => "seconds" in entry);
  return `Trained ${training} for ${steps} ${steps === 1 ? "step" : "steps"}.\n${labelled([
    ["weights", best === undefined ? folder.bestPath : `${folder.bestPath}, ${best}`],
    ["checkpoint", folder.checkpointPath],
    ["adapter", adapterText(adapter)],
    [
      "time",
      last && `${(last.seconds / 60).toFixed(1)} min, ${last.millisecondsPerStep} ms a step in the end`,
    ],
  ])}`;
}
