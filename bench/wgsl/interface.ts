import { basename } from "node:path";
import {
  type FunctionInfo,
  ResourceType,
  type TypeInfo,
  WgslReflect,
} from "wgsl_reflect/wgsl_reflect.module.js";
import type { Shader, ShaderBinding } from "../../src/engine/device/shader.js";
import { integerConstants } from "../../src/engine/device/shader-source.js";
import { readFailure, systemErrorCode } from "../../src/node/files/system-errors.js";
import { readShaderText } from "../../tools/shaders/wgsl-includes.js";
import { BenchError } from "../report/errors.js";
import { declarations, usedNames, withoutComments } from "./functions.js";

const SCALARS = ["f32", "u32", "i32", "f16"];
const LETTERS: Readonly<Record<string, string>> = { f: "f32", u: "u32", i: "i32", h: "f16" };

/** A shader, and the types of its bindings by their names. */
export interface ShaderFile {
  readonly shader: Shader;
  readonly types: ReadonlyMap<string, TypeInfo>;
}

/**
 * Reads a shader and its interface from a file of any origin.
 * @param entry name of the entry point, if there are several.
 * @throws {BenchError} if the file cannot be read, is not WGSL, or binds what the engine does not.
 */
export function readShaderFile(path: string, entry?: string): ShaderFile {
  const code = withoutIds(readText(path));
  const reflection = reflect(path, declarations(code));
  const start = entryPoint(path, reflection.entry.compute, entry);
  // By kinds, since the groups hold one of those with the same number, and each entry point may have its own.
  const all = [reflection.uniforms, reflection.storage, reflection.textures, reflection.samplers].flat();
  const used = usedNames(
    code,
    start.name,
    all.map(({ name }) => name),
  );
  const resources = all.filter(({ name }) => used.has(name));
  const bindings = resources.map((resource): ShaderBinding => {
    const { name, group, binding, resourceType } = resource;
    if (resourceType !== ResourceType.Uniform && resourceType !== ResourceType.Storage) {
      throw new BenchError(
        `${path} binds ${name}, which is no buffer: the bench binds var<storage> and var<uniform> only.`,
      );
    }
    if (group !== 0)
      throw new BenchError(`${path} binds ${name} in group ${group}: the bench binds group 0 only.`);
    const access =
      resourceType === ResourceType.Uniform
        ? "uniform"
        : resource.access === "read" || !resource.access
          ? "read"
          : "read_write";
    const type = elementOf(resource.type);
    return { name, binding, access, ...(type !== undefined && { type }) };
  });
  const overrides = reflection.overrides.map(({ name }) => name);
  const required = [...withoutComments(code).matchAll(/\boverride\s+(\w+)\s*(?::\s*\w+)?\s*;/g)];
  const shader = {
    name: basename(path, ".wgsl"),
    code,
    entryPoint: start.name,
    bindings,
    overrides,
    integers: integerConstants(code),
    required: required.map(([, name]) => name as string),
    aliases: [],
  };
  return { shader, types: new Map(resources.map(({ name, type }) => [name, type])) };
}

function readText(path: string): string {
  try {
    return readShaderText(path).code.replace(/^\uFEFF/, "");
  } catch (error) {
    const known = systemErrorCode(error) !== undefined;
    throw new BenchError(
      `${path} cannot be read: ${known ? `${readFailure(error)}.` : sentence((error as Error).message)}`,
    );
  }
}

function reflect(path: string, code: string): WgslReflect {
  try {
    return new WgslReflect(code);
  } catch (error) {
    // The parser throws an error, or a text alone.
    const reason = String((error as Partial<Error>)?.message ?? error);
    throw new BenchError(
      `${path} is not WGSL, or has what the bench's parser does not know, such as a sum in an attribute: ${sentence(reason)}`,
    );
  }
}

/** The first line of a message, with one full stop. */
function sentence(message: string): string {
  return `${message
    .split("\n")[0]
    ?.trim()
    .replace(/\.+(?= |$)/g, ".")
    .replace(/\.$/, "")}.`;
}

/** Blanks the numbers of override constants, since a constant that has one is known by it and not by its name. */
function withoutIds(code: string): string {
  return code.replace(/@id\s*\([^)]*\)/g, (id) => " ".repeat(id.length));
}

function entryPoint(path: string, all: readonly FunctionInfo[], asked: string | undefined): FunctionInfo {
  const names = all.map(({ name }) => name).join(", ");
  if (all.length === 0) throw new BenchError(`${path} has no @compute entry point.`);
  if (asked === undefined && all.length > 1) {
    throw new BenchError(`${path} has several entry points: choose one of ${names} with --entry.`);
  }
  const found = asked === undefined ? all[0] : all.find(({ name }) => name === asked);
  if (!found) throw new BenchError(`${path} has no entry point ${asked}: it has ${names}.`);
  return found;
}

/** The scalar that a type consists of; undefined for a structure, which may hold several. */
function elementOf(type: TypeInfo): string | undefined {
  let inner = type as TypeInfo & { format?: TypeInfo | null };
  while (inner.format) inner = inner.format;
  if (SCALARS.includes(inner.name)) return inner.name;
  const letter = /^(?:vec[234]|mat[234]x[234])([fuih])$/.exec(inner.name)?.[1];
  return letter && LETTERS[letter];
}
