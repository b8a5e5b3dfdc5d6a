import { CommanderError } from "commander";
import { keepHarmlessWarningsOff } from "../node/device/quiet-stderr.js";
import { systemErrorCode, writeFailure } from "../node/files/system-errors.js";
import { removeTemporaries } from "../node/files/temporaries.js";
import { createProgram } from "./program.js";
import { listenToSignals, signalExitCode } from "./shared/cancellable.js";
import { endProcess } from "./shared/end-process.js";
import { UsageError } from "./shared/errors.js";
import { STREAM } from "./shared/files/standard-streams.js";
import { printError, printLine } from "./shared/terminal/report.js";

declare const __VERSION__: string;

/**
 * The command line.
 * @param argv as in `process.argv`: Node, the script, the arguments.
 * @returns the exit code: 0 for success, 1 for a failure, 2 for wrong usage, 130 after Ctrl-C, 143 after SIGTERM.
 */
export async function main(argv: readonly string[]): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error) => {
      // A reader of the output, such as `head`, may stop early; that is not a failure.
      if (systemErrorCode(error) === "EPIPE") process.exit(Number(process.exitCode ?? 0));
      if (stream === process.stdout) {
        printLine(`Standard output cannot be written: ${writeFailure(error, STREAM)}.`);
      }
      process.exit(1);
    });
  }
  listenToSignals();
  keepHarmlessWarningsOff();
  process.on("uncaughtException", (error) => {
    removeTemporaries();
    printError(error);
    process.exit(1);
  });
  try {
    assertNoEmptyArgument(argv.slice(2));
    await createProgram(__VERSION__, argv.slice(2)).parseAsync([...argv]);
    // A command that ran but had a bad result has set the exit code.
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Commander has printed the help, the version or its own line.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    printError(error);
    const exitCode = signalExitCode();
    // Not by itself: the device would first finish what it was given.
    if (exitCode !== undefined) endProcess(exitCode);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** @throws {UsageError} if an argument is empty, as a shell's unset variable in quotes is. */
function assertNoEmptyArgument(args: readonly string[]): void {
  const place = args.indexOf("");
  if (place < 0) return;
  const before = place === 0 ? "The first argument" : `The argument after ${args[place - 1]}`;
  throw new UsageError(`${before} is empty: give a name or a value.`);
}
