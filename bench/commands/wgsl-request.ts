import type { ShaderBinding } from "../../src/engine/device/shader.js";
import type { ShaderBuffer, ShaderRequest } from "../harness/sessions/shader-session.js";
import { BenchError } from "../report/errors.js";
import { readShaderFile } from "../wgsl/interface.js";
import { inWords } from "../wgsl/layout.js";
import { nameOf, parseBuffer } from "../wgsl/parse-buffer.js";
import type { HostOptions } from "./host-options.js";
import type { PlanOptions, RooflineOption } from "./plan-options.js";

/** Options of `bench wgsl`. */
export interface WgslOptions extends HostOptions, PlanOptions, RooflineOption {
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
  readonly checkEntry?: string;
  readonly tolerance?: number;
  readonly limit: number;
}

/**
 * What a shader is dispatched with: its buffers, those of --bind first, and its constants.
 * @throws {BenchError} if a buffer is missing, unknown or given twice, or a constant is.
 */
export function requestOf(file: string, options: WgslOptions): ShaderRequest {
  const { shader, types } = readShaderFile(file, options.entry);
  const names = shader.bindings.map(({ name }) => name);
  const unknown = [...options.bind, ...options.out]
    .map(nameOf)
    .find((name) => name !== undefined && !names.includes(name));
  if (unknown) {
    throw new BenchError(`${file} uses no binding ${unknown}: it uses ${names.join(", ") || "none"}.`);
  }
  const buffers: ShaderBuffer[] = [
    ...options.bind.map((text) => parseBuffer(text, "random", types)),
    ...options.out.map((text) => parseBuffer(text, "zeros", types)),
  ];
  const given = buffers.map(({ name }) => name);
  const missing = shader.bindings.find(({ name }) => !given.includes(name));
  if (missing) {
    const { name, type, access } = missing;
    const layout = types.get(name);
    const words = type === undefined && layout ? `${name}=… with ${inWords(layout)}` : undefined;
    throw new BenchError(
      `${file} uses the binding ${name}, which is not given: add --${access === "read_write" ? "out" : "bind"} ${words ?? `"${name}:${type ?? "u32"}[…]" with its sizes`}.`,
    );
  }
  const twice = given.find((name, i) => given.indexOf(name) !== i);
  if (twice) throw new BenchError(`The buffer ${twice} is given twice: give it once.`);
  const { flops = 0, bytes } = options;
  return {
    shader: { ...shader, bindings: shader.bindings.map((each) => asLaidOut(each, options)) },
    buffers,
    constants: constantsOf(options.constant),
    workgroups: options.dispatch,
    multiplyAdds: flops / 2,
    ...(bytes !== undefined && { bytes }),
  };
}

/**
 * As {@link requestOf}, of a shader whose results those of another are compared with. It gets the same buffers, but for those
 * of --bind that it does not use, and those of the constants that it has.
 */
export function referenceRequestOf(file: string, options: WgslOptions): ShaderRequest {
  const { checkEntry: entry, checkDispatch: dispatch = options.dispatch } = options;
  const { shader } = readShaderFile(file, entry);
  const isUsed = (text: string): boolean => shader.bindings.some(({ name }) => name === nameOf(text));
  const bind = options.bind.filter(isUsed);
  const constant = options.constant.filter((text) => shader.overrides.includes(/\w+/.exec(text)?.[0] ?? ""));
  return requestOf(file, { ...options, entry, dispatch, bind, constant });
}

/** A binding whose buffer was laid out as the shader says holds words, whatever its type is. */
function asLaidOut({ type, ...rest }: ShaderBinding, { bind, out }: WgslOptions): ShaderBinding {
  const isLaidOut = [...bind, ...out].some((text) => text.trim().startsWith(`${rest.name}=`));
  return isLaidOut || type === undefined ? rest : { ...rest, type };
}

function constantsOf(texts: readonly string[]): Record<string, number> {
  const constants = texts.map(constant);
  const names = constants.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice) throw new BenchError(`The constant ${twice} is given twice: give it once.`);
  return Object.fromEntries(constants);
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
