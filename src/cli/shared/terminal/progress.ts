import { printLine } from "./report.js";

/** Shows how far a run has come. */
export interface Progress {
  start(): void;
  /** @param step how many steps are done. */
  update(step: number): void;
  /** Takes the bar away, or does nothing; must be called in the end. */
  stop(): void;
}

/**
 * A bar on a terminal, else a line now and then; on standard error.
 * @param unit what is counted.
 */
export async function openProgress(steps: number, unit = "steps"): Promise<Progress> {
  if (!process.stderr.isTTY || steps === 0) return plainProgress(steps, unit);
  const { SingleBar } = await import("cli-progress");
  const bar = new SingleBar({
    format: `  {bar} {value}/{total} ${unit}, {eta_formatted} left`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    // Its own handler would end the process on Ctrl-C.
    gracefulExit: false,
  });
  return {
    start: () => bar.start(steps, 0),
    update: (step) => bar.update(step),
    stop: () => bar.stop(),
  };
}

/** A line at each quarter of a run that is long enough to wait for. */
function plainProgress(steps: number, unit: string): Progress {
  let quarter = 0;
  return {
    start() {},
    update(step) {
      const reached = Math.floor((4 * step) / steps);
      if (reached === quarter || reached === 4 || steps < 20) return;
      quarter = reached;
      printLine(`${step} of ${steps} ${unit}.`);
    },
    stop() {},
  };
}
