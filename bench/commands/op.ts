import { Command } from "commander";
import { EngineError } from "../../src/engine/errors.js";
import type { HarnessCalls } from "../harness/harness.js";
import type { Roofline } from "../harness/roofline/roofline.js";
import { openHost } from "../hosts/open.js";
import type { DispatchRows } from "../measure/dispatches.js";
import { progress } from "../measure/progress.js";
import { OPERATIONS } from "../operations/index.js";
import { type OperationCase, parseCases } from "../operations/parse.js";
import { BenchError, sentenceOf } from "../report/errors.js";
import { dispatchTable, sweepTable } from "../report/tables/dispatch-table.js";
import { addHostOptions, type HostOptions } from "./host-options.js";
import { measuredRoofline } from "./measured-roofline.js";
import { addPlanOptions, addRooflineOption, type PlanOptions, type RooflineOption } from "./plan-options.js";
import { requireRightNumbers } from "./right-numbers.js";
import { timeAndPrint } from "./timed-dispatches.js";

interface OpOptions extends HostOptions, PlanOptions, RooflineOption {
  readonly gradient?: boolean;
}

/** How far a number may be off its definition: the inputs are random, and sums are in single precision. */
const TOLERANCE = 1e-3;

export function opCommand(): Command {
  const names = OPERATIONS.map(({ name, example }) => `  ${name} ${example}`);
  const command = new Command("op")
    .description("time an operation of the engine at any size, dispatch by dispatch")
    .argument("<name>", "an operation")
    .argument(
      "<sizes...>",
      "its sizes, and other numbers by their letters; 8..64 stands for 8, 16, 32 and 64",
    )
    .option("--gradient", "record and time the gradients too")
    .addHelpText("after", `\nOperations, with an example each:\n${names.join("\n")}`);
  return addRooflineOption(addPlanOptions(addHostOptions(command)));
}

/** Times each case of an operation and prints a table for each, and one of all. */
export async function runOp(
  name: string,
  sizes: readonly string[],
  options: OpOptions,
  folder: string,
): Promise<boolean> {
  const cases = parseCases([name, ...sizes]);
  if (options.gradient && !cases[0]?.operation.gradient) {
    throw new BenchError(`${name} has no gradient in this engine: leave out --gradient.`);
  }
  const host = await openHost(folder, options);
  try {
    const { harness } = host;
    await requireRightNumbers(host);
    const roofline = options.roofline ? await measuredRoofline(harness) : undefined;
    const timed: (DispatchRows & { readonly title: string })[] = [];
    for (const each of cases) {
      progress(each.text);
      try {
        const rows = await timeCase(harness, each, options, roofline);
        if (rows) timed.push({ ...rows, title: each.text });
      } catch (error) {
        if (cases.length === 1 || !(error instanceof BenchError || error instanceof EngineError)) throw error;
        process.stderr.write(`bench: ${each.text} is not timed: ${sentenceOf(error)}\n`);
      } finally {
        await harness.closeSession();
      }
    }
    if (cases.length > 1 && timed.length > 0) process.stdout.write(`\n${sweepTable(timed, roofline)}\n`);
    return timed.length === cases.length;
  } finally {
    await host.close();
  }
}

/** @throws {BenchError} if its numbers are wrong; {EngineError} if the engine does not take its sizes. */
async function timeCase(
  harness: HarnessCalls,
  { operation, text, sizes, numbers }: OperationCase,
  options: OpOptions,
  roofline: Roofline | undefined,
): Promise<DispatchRows | undefined> {
  const request = { name: operation.name, sizes, numbers, gradient: options.gradient === true };
  const opened = await harness.openOperation(request);
  for (const { what, difference = 0 } of opened.checks) {
    if (difference <= TOLERANCE) continue;
    throw new BenchError(
      `The numbers of ${text} are wrong on this adapter (${what}: off by ${difference.toExponential(1)}), so it is not timed.`,
    );
  }
  const checked = opened.checks.map(({ what, difference }) =>
    difference === undefined ? what : `${what}: within ${difference.toExponential(1)}`,
  );
  return timeAndPrint(harness, opened, options, (rows) => {
    process.stdout.write(`\n${dispatchTable(text, rows, roofline)}\n\nChecked: ${checked.join("; ")}.\n`);
  });
}
