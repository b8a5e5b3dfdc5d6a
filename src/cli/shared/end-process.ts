import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";

/**
 * Ends the process after a signal. Its standard output goes nowhere from then on: a driver whose compiler the end of the process takes
 * away while it works writes what it takes for errors there.
 */
export function endProcess(exitCode: number | undefined): never {
  try {
    closeSync(1);
    // A file gets the lowest number that is free.
    openSync(devNull, "w");
  } catch {
    // The exit code matters more.
  }
  process.exit(exitCode);
}
