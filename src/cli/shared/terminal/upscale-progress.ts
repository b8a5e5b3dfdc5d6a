import { printLine } from "./report.js";

/** Shows how far a run over several images has come: a bar on a terminal, else a line now and then. */
export interface UpscaleProgress {
  /**
   * @param index which image, from 0.
   * @param what is done with it now, in words.
   * @param share of it that is done, 0 to 1.
   */
  update(index: number, what: string, share: number): void;
  /** A line that stays. */
  say(text: string): void;
  /** Takes the bar away; must be called in the end. */
  stop(): void;
}

/** A bar moves in so many steps for each image. */
const STEPS = 1000;

/** A run that is done sooner needs no lines about how far it is. */
const LONG_MS = 10_000;

export async function openUpscaleProgress(images: number): Promise<UpscaleProgress> {
  if (!process.stderr.isTTY) return plainProgress(images);
  const { SingleBar } = await import("cli-progress");
  const bar = new SingleBar({
    format: "  {bar} {percentage}%, {place}{what}, {eta_formatted} left",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    // Images differ in size, and an estimate in speed from an upscaling.
    etaBuffer: 200,
    // Its own handler would end the process on Ctrl-C.
    gracefulExit: false,
  });
  let isShown = false;
  const hide = () => {
    if (isShown) bar.stop();
    isShown = false;
  };
  return {
    update(index, what, share) {
      const value = Math.round((index + share) * STEPS);
      const payload = { what, place: images === 1 ? "" : `image ${index + 1} of ${images}: ` };
      if (isShown) bar.update(value, payload);
      else bar.start(images * STEPS, value, payload);
      isShown = true;
    },
    say(text) {
      // It would be drawn over; the next update brings the bar back.
      hide();
      printLine(text);
    },
    stop: hide,
  };
}

/** A line at each quarter of a run that takes long. */
function plainProgress(images: number): UpscaleProgress {
  const started = performance.now();
  let quarter = 0;
  return {
    update(index, _what, share) {
      const reached = Math.floor((4 * (index + share)) / images);
      if (reached === quarter || reached === 4) return;
      quarter = reached;
      if (performance.now() - started > LONG_MS) printLine(`${25 * quarter} % done.`);
    },
    say: printLine,
    stop() {},
  };
}
