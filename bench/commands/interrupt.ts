import { sentenceOf } from "../report/errors.js";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
/** The exit codes of a program that a signal ended. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Keeps what a measurement has so far; undefined while there is none. */
let keeping: (() => void) | undefined;

/**
 * Lets a signal end the process as an exit does, so that browsers and checkouts are cleared away.
 * @returns a function that takes this back.
 */
export function exitOnSignals(): () => void {
  const stop = (signal: (typeof SIGNALS)[number]): never => {
    process.stderr.write(`bench: interrupted${keeping ? "; what was measured so far is kept" : ""}.\n`);
    try {
      keeping?.();
    } catch (error) {
      // Such as a folder that is gone.
      process.stderr.write(`bench: ${sentenceOf(error as Error)}\n`);
    }
    process.exit(EXIT_CODES[signal]);
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  return () => {
    for (const signal of SIGNALS) process.off(signal, stop);
  };
}

/**
 * Waits for a measurement. If a signal ends the process meanwhile, what was measured so far is kept.
 * @param keep prints and writes it.
 */
export async function untilInterrupted(measurement: Promise<void>, keep: () => void): Promise<void> {
  keeping = keep;
  try {
    await measurement;
  } finally {
    keeping = undefined;
  }
}
