import { printLine } from "./report.js";

/** Shows how far a long run has come: a bar on a terminal, else a line where something was reached. */
export interface TrainingProgress {
  /** @param note what a thing takes, such as `630 ms/step`. */
  update(done: number, note?: string): void;
  /** Something that is worth a line also where there is no terminal. */
  reached(text: string): void;
  /** Takes the bar away; must be called in the end. */
  stop(): void;
}

/** @param unit what is counted, such as "steps". */
export async function openTrainingProgress(total: number, unit: string, from = 0): Promise<TrainingProgress> {
  if (!process.stderr.isTTY) return { update() {}, reached: printLine, stop() {} };
  const { SingleBar } = await import("cli-progress");
  const bar = new SingleBar({
    format: `  {bar} {value}/${total} ${unit}{note}, {eta_formatted} left`,
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
  bar.start(total, from, { note: "" });
  return {
    update: (done, note) => bar.update(done, note === undefined ? {} : { note: `, ${note}` }),
    reached() {},
    stop: () => bar.stop(),
  };
}
