import type { RunDisplay, RunProgress } from "../../../../node/runs/progress.js";
import { openProgress } from "../../../shared/terminal/progress.js";
import { printLine } from "../../../shared/terminal/report.js";

/** Shows a run on standard error: a bar on a terminal, else a line where something was reached. */
export const TERMINAL_DISPLAY: RunDisplay = { open, say: printLine };

async function open(total: number, from: number, unit: string): Promise<RunProgress> {
  const { update, reached, stop } = await openProgress({ total, from, unit, quarters: false });
  return {
    update: (done, pace) =>
      update(done, `${done} of ${total} ${unit}${pace === undefined ? "" : `, ${pace}`}`),
    reached,
    stop,
  };
}
