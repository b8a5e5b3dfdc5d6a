import { systemErrorCode, writeFailure } from "../../src/node/files/system-errors.js";

let isWatched = false;

/**
 * Ends the process in a sentence where standard output takes no more, and without one where its reader has gone, such as
 * `head`. That stays so to the end of the process, since a failure may come after the last line was written.
 */
export function exitOnClosedOutput(): void {
  if (isWatched) return;
  isWatched = true;
  process.stdout.on("error", (error) => {
    if (systemErrorCode(error) === "EPIPE") process.exit(Number(process.exitCode ?? 0));
    process.stderr.write(`bench: Standard output cannot be written: ${writeFailure(error, "-")}.\n`);
    process.exit(1);
  });
}
