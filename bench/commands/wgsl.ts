import { Command, InvalidArgumentError } from "commander";
import type { ShaderBuffer, ShaderRequest } from "../harness/sessions/shader-session.js";
import type { Host } from "../hosts/host.js";
import { openHost } from "../hosts/open.js";
import { measureDispatches } from "../measure/dispatches.js";
import { progress } from "../measure/progress.js";
import { dispatchTable } from "../report/dispatch-table.js";
import { BenchError } from "../report/errors.js";
import { type Buffers, requireAgreement } from "../wgsl/check.js";
import { readShaderFile } from "../wgsl/interface.js";
import { parseBuffer, readArray } from "../wgsl/parse-buffer.js";
import { measuredRoofline } from "./measured-roofline.js";
import { positive } from "./option-types.js";
import {
  addPlanOptions,
  addRooflineOption,
  type PlanOptions,
  planOf,
  type RooflineOption,
} from "./plan-options.js";

interface WgslOptions extends PlanOptions, RooflineOption {
  readonly node?: boolean;
  readonly boundsChecks: boolean;
  readonly bind: readonly string[];
  readonly out: readonly string[];
  readonly constant: readonly string[];
  readonly dispatch: readonly number[];
  readonly entry?: string;
  readonly flops?: number;
  readonly bytes?: number;
  readonly check?: string;
  readonly checkDispatch?: readonly number[];
  readonly tolerance?: number;
}

export function wgslCommand(): Command {
  const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];
  const command = new Command("wgsl")
    .description("time a shader of your own, and check its results")
    .argument("<file>", "a WGSL file with a @compute entry point and its buffers in group 0")
    .option("--node", "measure in Node instead of headless Chrome")
    .option(
      "--bind <buffer>",
      "a buffer that it reads: name:type[sizes], with =random (unless given), =zeros, =numbers or =file.npy",
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
      "what its results are compared with: a WGSL file with the same buffers, or the .npy file of its one result",
    )
    .option(
      "--check-dispatch <workgroups>",
      "workgroups of the WGSL file to compare with, if they differ",
      workgroups,
    )
    .option(
      "--tolerance <number>",
      "relative difference allowed, in the norm of a buffer (default: 1e-4, for f16 1e-3, for integers none)",
      positive,
    )
    .option("--no-bounds-checks", "in Node on a software driver: do not check accesses to buffers");
  return addRooflineOption(addPlanOptions(command));
}

/** Checks a shader's results, times it and prints a table. */
export async function runWgsl(file: string, options: WgslOptions, folder: string): Promise<boolean> {
  const request = requestOf(file, options);
  const buffers = options.out.map((text) => parseBuffer(text, "zeros"));
  const outs = buffers.map(({ name }) => name);
  const reference = referenceOf(options, request, outs);
  const host = await openHost(folder, options);
  try {
    const { harness } = host;
    progress(`${file}: results`);
    const expected = await reference(host);
    const { work, results } = await harness.openShader(request, outs);
    const checked = expected
      ? `Its results are within ${requireAgreement(buffers, results, expected, options.tolerance, options.check as string).toExponential(1)} of ${options.check}.`
      : "Its results were not checked: give --check.";
    const roofline = options.roofline ? await measuredRoofline(harness) : undefined;
    progress(`${file}: times`);
    const rows = await measureDispatches(harness, work, planOf(options));
    process.stdout.write(`${dispatchTable(file, rows, roofline)}\n\n${checked}\n`);
    return true;
  } finally {
    await host.close();
  }
}

function requestOf(file: string, options: WgslOptions, workgroups = options.dispatch): ShaderRequest {
  const shader = readShaderFile(file, options.entry);
  const buffers: ShaderBuffer[] = [
    ...options.bind.map((text) => parseBuffer(text, "random")),
    ...options.out.map((text) => parseBuffer(text, "zeros")),
  ];
  const names = shader.bindings.map(({ name }) => name);
  const given = buffers.map(({ name }) => name);
  const unknown = given.find((name) => !names.includes(name));
  if (unknown) {
    throw new BenchError(`${file} uses no binding ${unknown}: it uses ${names.join(", ") || "none"}.`);
  }
  const missing = shader.bindings.find(({ name }) => !given.includes(name));
  if (missing) {
    const { name, type = "f32", access } = missing;
    throw new BenchError(
      `${file} uses the binding ${name}, which is not given: add --${access === "read_write" ? "out" : "bind"} "${name}:${type}[…]" with its sizes.`,
    );
  }
  const twice = given.find((name, i) => given.indexOf(name) !== i);
  if (twice) throw new BenchError(`The buffer ${twice} is given twice: give it once.`);
  const constants = Object.fromEntries(options.constant.map(constant));
  const { flops = 0, bytes } = options;
  return {
    shader,
    buffers,
    constants,
    workgroups,
    multiplyAdds: flops / 2,
    ...(bytes !== undefined && { bytes }),
  };
}

/** Gives what the results are compared with, once there is a host; undefined if nothing was asked for. */
function referenceOf(
  options: WgslOptions,
  request: ShaderRequest,
  outs: readonly string[],
): (host: Host) => Promise<Buffers | undefined> {
  const { check, checkDispatch } = options;
  if (check === undefined) return async () => undefined;
  if (outs.length === 0) throw new BenchError("--check compares results: name one with --out.");
  if (check.endsWith(".npy")) {
    const [only, ...more] = outs;
    if (more.length > 0)
      throw new BenchError(
        `${check} is one array, and there are ${outs.length} results: check them with a WGSL file.`,
      );
    const { values } = readArray(check);
    return async () => ({ [only as string]: values });
  }
  const other = requestOf(
    check,
    { ...options, entry: undefined, constant: [] } as WgslOptions,
    checkDispatch,
  );
  return async ({ harness }) => {
    const constants = Object.fromEntries(
      Object.entries(request.constants).filter(([name]) => other.shader.overrides.includes(name)),
    );
    const { results } = await harness.openShader({ ...other, constants }, outs);
    await harness.closeSession();
    return results;
  };
}

function workgroups(text: string): number[] {
  const counts = text.split(",").map(Number);
  if (counts.length > 3 || counts.some((count) => !Number.isInteger(count) || count < 1)) {
    throw new InvalidArgumentError("Give one to three whole numbers of at least 1, such as 64,64.");
  }
  return counts;
}

function constant(text: string): [name: string, value: number] {
  const [, name, number] = /^(\w+)=(.+)$/.exec(text) ?? [];
  const value = { true: 1, false: 0 }[number ?? ""] ?? Number(number);
  if (name === undefined || !Number.isFinite(value)) {
    throw new BenchError(
      `"${text}" is no constant: give a name and a number, true or false, such as WORKGROUP=64.`,
    );
  }
  return [name, value];
}
