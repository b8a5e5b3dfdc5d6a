import type { RunDisplay, RunProgress } from "../../../../node/runs/progress.js";
import { printLine } from "../../../shared/terminal/report.js";

/** Shows a run on standard error: a bar on a terminal, else a line where something was reached. */
export const TERMINAL_DISPLAY: RunDisplay = { open, say: printLine };

async function open(total: number, from: number, unit: string): Promise<RunProgress> {
  if (!process.stderr.isTTY) return { update() {}, reached: printLine, stop() {} };
  const { SingleBar } = await import("cli-progress");
  const bar = new SingleBar({
    format: `  {bar} {value}/{total} ${unit}{pace}, {eta_formatted} left`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    // Steps take about as long as those before them, and a validation now and then should not show.
    etaBuffer: 100,
    // Its own handler would end the process on Ctrl-C.
    gracefulExit: false,
  });
  bar.start(total, from, { pace: "" });
  return {
    update: (done, pace) => bar.update(done, { pace: pace === undefined ? "" : `, ${pace}` }),
    reached() {},
    stop: () => bar.stop(),
  };
}
