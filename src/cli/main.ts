import { CommanderError } from "commander";
import { createProgram } from "./program.js";
import { UsageError } from "./shared/errors.js";
import { printError } from "./shared/terminal/report.js";

declare const __VERSION__: string;

/**
 * The command line.
 * @param argv as in `process.argv`: Node, the script, the arguments.
 * @returns the exit code: 0 for success, 1 for a failure, 2 for wrong usage.
 */
export async function main(argv: readonly string[]): Promise<number> {
  // A reader of the output, such as `head`, may stop early; that is not a failure.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      process.exit(error.code === "EPIPE" ? Number(process.exitCode ?? 0) : 1);
    });
  }
  process.on("uncaughtException", (error) => {
    printError(error);
    process.exit(1);
  });
  try {
    await createProgram(__VERSION__).parseAsync([...argv]);
    // A command that ran but had a bad result has set the exit code.
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Commander has printed the help, the version or its own line.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    printError(error);
    return error instanceof UsageError ? 2 : 1;
  }
}
