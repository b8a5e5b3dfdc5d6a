import { CommanderError } from "commander";
import { EngineError } from "../src/engine/errors.js";
import { exitOnSignals } from "./commands/interrupt.js";
import { createProgram } from "./commands/program.js";
import { exitOnClosedOutput } from "./commands/standard-output.js";
import { StuckError } from "./hosts/stuck.js";
import { BenchError, sentenceOf } from "./report/errors.js";

/**
 * Runs the bench from the command line.
 * @param folder the folder of the bench.
 * @returns the exit code: 0 on success; 1 if something failed, gave wrong numbers, or became slower; 2 if the command was not
 * understood.
 */
export async function main(argv: readonly string[], folder: string): Promise<number> {
  let well = true;
  const restore = exitOnSignals();
  exitOnClosedOutput();
  try {
    await createProgram(folder, (result) => {
      well = result;
    }).parseAsync([...argv], { from: "user" });
    return well ? 0 : 1;
  } catch (error) {
    // Commander has already printed help or an error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof StuckError) {
      process.stderr.write(`bench: ${error.message}\n`);
      // The process would wait for the shader.
      process.exit(1);
    }
    if (!(error instanceof BenchError || error instanceof EngineError)) throw error;
    process.stderr.write(`bench: ${sentenceOf(error)}\n`);
    return 1;
  } finally {
    restore();
  }
}
