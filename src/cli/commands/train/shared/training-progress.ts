import { printLine } from "../../../shared/terminal/report.js";

/** Shows how far a long run has come: a bar on a terminal, else a line where something was reached. */
export interface TrainingProgress {
  /**
   * @param step how many steps are done.
   * @param pace what one takes, in words.
   */
  update(step: number, pace: string): void;
  /** Something that is worth a line also where there is no terminal. */
  reached(text: string): void;
  /** Takes the bar away; must be called in the end. */
  stop(): void;
}

/**
 * @param from how many steps were done before.
 * @param unit what is counted.
 */
export async function openTrainingProgress(
  steps: number,
  from: number,
  unit = "steps",
): Promise<TrainingProgress> {
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
  bar.start(steps, from, { pace: "" });
  return {
    update: (step, pace) => bar.update(step, { pace: `, ${pace}` }),
    reached() {},
    stop: () => bar.stop(),
  };
}
