import { CommanderError } from "commander";
import { createProgram } from "./program.js";
import { UsageError } from "./shared/errors.js";
import { printError } from "./shared/terminal/report.js";

/**
 * The command line.
 * @param argv as in `process.argv`: Node, the script, the arguments.
 * @returns the exit code: 0 if all went well, 1 if something failed, 2 if the command was not understood.
 */
export async function main(argv: readonly string[]): Promise<number> {
  // Whoever reads the output may stop early, as `head` does; that is no failure.
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
    await createProgram().parseAsync([...argv]);
    // A command that ran, but with a bad result, has set it.
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Commander has printed help, version or its own line by then.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    printError(error);
    return error instanceof UsageError ? 2 : 1;
  }
}
