import { removeTemporaries } from "../../node/files/temporaries.js";
import { endProcess } from "./end-process.js";
import { CanceledError } from "./errors.js";
import { printLine } from "./terminal/report.js";

/** The signals that ask a process to end, and what a shell makes of them: 128 and the signal's number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * How long work may take to stop by itself, in milliseconds. A software driver may crash the process that ends while it compiles
 * or computes, and computes for a few tenths of a second what it was given. The end of the process takes up to 0.3 s more.
 */
const STOPPING = 500;

type StopSignal = keyof typeof EXIT_CODES;

/** Options of {@link cancellable}. */
export interface CancellableOptions {
  /** What to say about work that is stopped. */
  readonly farewell?: () => string;
  /** Whether the work saves its state when it is stopped, and ends by itself unless there is a second signal. */
  readonly saves?: boolean;
}

/** Work that can be stopped. */
interface RunningWork extends CancellableOptions {
  readonly controller: AbortController;
}

let running: RunningWork | undefined;
let received: StopSignal | undefined;

/** The exit code after a signal; undefined if there was none. */
export function signalExitCode(): number | undefined {
  return received && EXIT_CODES[received];
}

/**
 * Lets Ctrl-C and SIGTERM end the process within a second: running work is stopped by its `AbortSignal`; if that takes too long,
 * or at a second signal, temporary files and empty new folders are removed and the process ends as it is. Work that saves its
 * state is waited for until a second signal.
 */
export function listenToSignals(): void {
  for (const name of Object.keys(EXIT_CODES) as StopSignal[]) process.on(name, onSignal);
}

function onSignal(signal: StopSignal): void {
  const work = running;
  const isSecond = received !== undefined;
  received ??= signal;
  if (isSecond || !work) leave(work);
  work.controller.abort(new CanceledError());
  if (!work.saves) {
    setTimeout(leave, STOPPING, work).unref();
    return;
  }
  printLine("Stopping; complete steps are kept. A second signal stops at the last checkpoint.");
}

function leave(work: RunningWork | undefined): never {
  removeTemporaries();
  const { saves, farewell = () => new CanceledError().message } = work ?? {};
  if (work) printLine(saves ? "Stopped at once." : farewell());
  endProcess(signalExitCode());
}

/** Runs work that {@link listenToSignals} stops through an `AbortSignal`. */
export async function cancellable<T>(
  work: (signal: AbortSignal) => Promise<T>,
  options: CancellableOptions = {},
): Promise<T> {
  const controller = new AbortController();
  running = { ...options, controller };
  try {
    return await work(controller.signal);
  } finally {
    running = undefined;
  }
}
