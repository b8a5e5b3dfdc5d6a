import { Command, InvalidArgumentError } from "commander";
import type { OpenedShader } from "../harness/harness.js";
import { decodeNumbers, type ShaderBuffer, type ShaderRequest } from "../harness/sessions/shader-session.js";
import type { Host } from "../hosts/host.js";
import { openHost } from "../hosts/open.js";
import { endsWithin, StuckError } from "../hosts/stuck.js";
import { progress } from "../measure/progress.js";
import { BenchError } from "../report/errors.js";
import { dispatchTable } from "../report/tables/dispatch-table.js";
import { type Buffers, notANumber, requireAgreement } from "../wgsl/check.js";
import { readArray, valuesOf } from "../wgsl/parse-buffer.js";
import { addHostOptions } from "./host-options.js";
import { measuredRoofline } from "./measured-roofline.js";
import { notNegative, positive } from "./option-types.js";
import { addPlanOptions, addRooflineOption } from "./plan-options.js";
import { timeAndPrint } from "./timed-dispatches.js";
import { referenceRequestOf, requestOf, type WgslOptions } from "./wgsl-request.js";

export function wgslCommand(): Command {
  const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];
  const command = new Command("wgsl")
    .description("time a shader of your own, and check its results")
    .argument("<file>", "a WGSL file with a @compute entry point and its buffers in group 0")
    .option(
      "--bind <buffer>",
      "a buffer that it reads: name:type[sizes], with =random (unless given), =zeros, =numbers or =file.npy; or name=numbers for a structure, laid out as the shader says",
      collect,
      [],
    )
    .option("--out <buffer>", "a buffer that it writes: name:type[sizes], zeros at first", collect, [])
    .option("--constant <name=value>", "a number, true or false for an override constant", collect, [])
    .requiredOption("--dispatch <workgroups>", "workgroups along x, y and z, such as 64,64", workgroups)
    .option("--entry <name>", "its entry point, if it has several")
    .option("--flops <count>", "floating-point operations of a dispatch, for GFLOP/s", positive)
    .option(
      "--bytes <count>",
      "bytes that a dispatch reads and writes, for GB/s; unless given, each buffer is counted once",
      positive,
    )
    .option(
      "--check <file>",
      "what its results are compared with: a WGSL file with buffers of the same names, or the .npy file of its one result",
    )
    .option(
      "--check-dispatch <workgroups>",
      "workgroups of the WGSL file to compare with, if they differ",
      workgroups,
    )
    .option("--check-entry <name>", "the entry point of the WGSL file to compare with, if it has several")
    .option(
      "--tolerance <number>",
      "relative difference allowed, in the norm of a buffer (default: 1e-4, for f16 1e-3, for integers none)",
      notNegative,
    )
    .option("--limit <seconds>", "time after which the first dispatch is given up", positive, 60)
    .option("--no-bounds-checks", "in Node on a software driver: do not check accesses to buffers");
  return addRooflineOption(addPlanOptions(addHostOptions(command)));
}

/** Checks a shader's results, times it and prints a table. */
export async function runWgsl(file: string, options: WgslOptions, folder: string): Promise<boolean> {
  const request = requestOf(file, options);
  const buffers = request.buffers.slice(options.bind.length);
  const reference = referenceOf(options, buffers);
  const host = await openHost(folder, options);
  let stuck = false;
  try {
    const { harness } = host;
    progress(`${file}: results`);
    const expected = await reference(host);
    const opened = await openShader(host, file, request, buffers, options);
    const results = numbersOf(opened, buffers);
    const checked = expected
      ? `Its results are within ${requireAgreement(buffers, results, expected, options.tolerance, options.check as string).toExponential(1)} of ${options.check}.`
      : ["Its results were not checked: give --check.", ...notNumbers(results)].join(" ");
    const roofline = options.roofline ? await measuredRoofline(harness) : undefined;
    progress(`${file}: times`);
    await timeAndPrint(harness, opened, options, (rows) => {
      process.stdout.write(`${dispatchTable(file, rows, roofline)}\n\n${checked}\n`);
    });
    return true;
  } catch (error) {
    stuck = error instanceof StuckError;
    throw error;
  } finally {
    // In this process, a device whose shader goes on would be waited for.
    if (!(stuck && options.node)) await host.close();
  }
}

function openShader(
  { harness }: Host,
  file: string,
  request: ShaderRequest,
  read: readonly ShaderBuffer[],
  { limit }: WgslOptions,
): Promise<OpenedShader> {
  const names = read.map(({ name }) => name);
  return endsWithin(limit, `The first dispatch of ${file}`, harness.openShader(request, names));
}

function numbersOf({ results }: OpenedShader, buffers: readonly ShaderBuffer[]): Buffers {
  return Object.fromEntries(
    buffers.map(({ name, dtype }) => [name, decodeNumbers(results[name] as string, dtype)]),
  );
}

/** What someone who gave no reference should know about the results. */
function notNumbers(results: Buffers): string[] {
  return Object.entries(results).flatMap(([name, values]) => {
    const at = notANumber(values);
    return at === undefined ? [] : [`${name} is no number at element ${at}.`];
  });
}

/** Gives what the results are compared with, once there is a host; undefined if nothing was asked for. */
function referenceOf(
  options: WgslOptions,
  outs: readonly ShaderBuffer[],
): (host: Host) => Promise<Buffers | undefined> {
  const { check } = options;
  if (check === undefined) return async () => undefined;
  if (outs.length === 0) throw new BenchError("--check compares results: name one with --out.");
  if (check.endsWith(".npy")) {
    const [only, ...more] = outs as [ShaderBuffer, ...ShaderBuffer[]];
    if (more.length > 0)
      throw new BenchError(
        `${check} is one array, and there are ${outs.length} results: check them with a WGSL file.`,
      );
    const values = valuesOf(readArray(check), only, check);
    return async () => ({ [only.name]: values });
  }
  const other = referenceRequestOf(check, options);
  return async (host) => {
    const opened = await openShader(host, check, other, outs, options);
    await host.harness.closeSession();
    return numbersOf(opened, outs);
  };
}

function workgroups(text: string): number[] {
  const counts = text.split(",").map(Number);
  if (counts.length > 3 || counts.some((count) => !Number.isInteger(count) || count < 1)) {
    throw new InvalidArgumentError("Give one to three whole numbers of at least 1, such as 64,64.");
  }
  return counts;
}
