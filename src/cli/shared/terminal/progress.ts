import { printLine } from "./report.js";

/** Shows how far a run has come, on standard error. */
export interface Progress {
  /**
   * @param done of the total; may be a fraction.
   * @param note shown after the percentage instead of the numbers.
   */
  update(done: number, note?: string): void;
  /** Prints a line that stays. */
  say(text: string): void;
  /** Prints a line only where there is no bar. */
  reached(text: string): void;
  /** Removes the bar; must be called in the end. */
  stop(): void;
}

/** Options of {@link openProgress}. */
export interface ProgressOptions {
  readonly total: number;
  /** How much was done before; 0 unless given. */
  readonly from?: number;
  /** What is counted, such as "steps"; without it, lines give a percentage. */
  readonly unit?: string;
  /** Where there is no terminal, prints no line before this many milliseconds have passed; 0 unless given. */
  readonly quietMs?: number;
  /** Whether a line is printed at each quarter where there is no terminal; true unless given. */
  readonly quarters?: boolean;
}

/** A run of fewer units is over too soon for lines about it. */
const MIN_UNITS = 20;

/** A bar's own resolution, so that fractions show. */
const TICKS = 1000;

/** A bar on a terminal, else a line now and then. It appears with the first update. */
export async function openProgress(options: ProgressOptions): Promise<Progress> {
  if (!process.stderr.isTTY || options.total === 0) return plainProgress(options);
  const { total, unit } = options;
  const { SingleBar } = await import("cli-progress");
  const bar = new SingleBar({
    format: "  {bar} {percentage}%, {note}, {eta_formatted} left",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    // Long enough that a slower part, such as a validation, does not show.
    etaBuffer: 200,
    // Its own handler would end the process on Ctrl-C.
    gracefulExit: false,
  });
  let isShown = false;
  const hide = (): void => {
    if (isShown) bar.stop();
    isShown = false;
  };
  // It has hidden the cursor, also where a signal ends the process.
  process.once("exit", hide);
  return {
    update(done, note = `${Math.floor(done)} of ${total} ${unit ?? ""}`.trim()) {
      const ticks = Math.round((done / total) * TICKS);
      if (isShown) bar.update(ticks, { note });
      else bar.start(TICKS, ticks, { note });
      isShown = true;
    },
    say(text) {
      // The bar would be drawn over the line; the next update brings it back.
      hide();
      printLine(text);
    },
    reached() {},
    stop() {
      hide();
      process.off("exit", hide);
    },
  };
}

function plainProgress({ total, from = 0, unit, quietMs = 0, quarters = true }: ProgressOptions): Progress {
  const started = performance.now();
  const isLong = quarters && (unit === undefined || total >= MIN_UNITS);
  let quarter = Math.floor((4 * from) / total);
  return {
    update(done) {
      const reached = Math.floor((4 * done) / total);
      if (!isLong || reached === quarter || reached === 4) return;
      quarter = reached;
      if (performance.now() - started < quietMs) return;
      printLine(unit === undefined ? `${25 * quarter} % done.` : `${done} of ${total} ${unit}.`);
    },
    say: printLine,
    reached: printLine,
    stop() {},
  };
}
