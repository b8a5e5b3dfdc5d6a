import { ShaderError } from "../errors.js";
import { kindOf } from "../kind-of.js";
import type { DType } from "../tensors/tensor.js";
import type { Shader, ShaderBinding } from "./shader.js";

const COMMENTS = /\/\/.*|\/\*[\s\S]*?\*\//g;
/** A variable that is bound: its attributes, its address space and access if it is a buffer, its name and its type. */
const BOUND = /((?:@(?:group|binding)\s*\([^)]*\)\s*){2})var\s*(?:<([^>]*)>)?\s*(\w+)\s*:\s*([^;]+);/g;
const OVERRIDE = /\boverride\s+(\w+)\s*(?::\s*\w+\s*)?(=)?/g;
/** An override constant that is an integer, by its type or by its default. */
const INTEGER = /\boverride\s+(\w+)\s*(?::\s*[iu]32\b|=\s*-?(?:0x[\da-f]+|\d+)[iu]?\s*;)/gi;
const ALIAS = /\balias\s+(\w+)\s*=\s*f32\s*;/g;
const ENTRY = /@compute\b[\s\S]*?\bfn\s+(\w+)/;
/** The innermost type of a declaration. */
const ELEMENT = /^[\w<\s]*?(\w+)\s*(?:[,>]|$)/;
const TYPES: Readonly<Record<string, DType>> = { f: "f32", u: "u32", i: "i32", h: "f16" };

/**
 * A shader for a dispatch, read from WGSL text. Its buffers are in group 0, and its first entry point runs; structures may hold
 * any type.
 * @throws {ShaderError} if the text has no entry point, or binds what the engine does not.
 */
export function shaderFromSource(code: string): Shader {
  const text = String(code).replace(COMMENTS, "");
  const entryPoint = ENTRY.exec(text)?.[1];
  if (typeof code !== "string" || entryPoint === undefined) {
    throw new ShaderError(
      `A shader's source is WGSL text with a @compute entry point; got ${typeof code === "string" ? "text without one" : kindOf(code)}.`,
    );
  }
  const aliases = [...text.matchAll(ALIAS)].map(([, name]) => name as string);
  const overrides = [...text.matchAll(OVERRIDE)];
  return {
    name: entryPoint,
    code,
    entryPoint,
    bindings: [...text.matchAll(BOUND)].map((found) => readBinding(found, aliases)),
    overrides: overrides.map(([, name]) => name as string),
    integers: integerConstants(code),
    required: overrides.filter(([, , value]) => !value).map(([, name]) => name as string),
    aliases,
  };
}

/** Names of the override constants that are integers. */
export function integerConstants(code: string): string[] {
  return [...code.replace(COMMENTS, "").matchAll(INTEGER)].map(([, name]) => name as string);
}

function readBinding(
  [, attributes = "", space = "", name = "", declared = ""]: RegExpExecArray,
  aliases: string[],
): ShaderBinding {
  const number = (attribute: string): number =>
    Number(new RegExp(`@${attribute}\\s*\\(\\s*(\\d+)[iu]?\\s*,?\\s*\\)`).exec(attributes)?.[1]);
  const [kind = "", access = "read"] = space.split(",").map((word) => word.trim());
  if (kind !== "storage" && kind !== "uniform") {
    throw new ShaderError(
      `${name} is bound, but is no buffer (${declared.trim()}): the engine binds var<storage> and var<uniform> only.`,
    );
  }
  const [group, binding] = [number("group"), number("binding")];
  if (group !== 0 || Number.isNaN(binding)) {
    throw new ShaderError(
      `${name} is bound by ${attributes.trim()}: the engine binds @group(0) @binding(n), with numbers.`,
    );
  }
  const type = dtypeOf(ELEMENT.exec(declared.trim())?.[1] ?? "", aliases);
  const used = kind === "uniform" ? "uniform" : access === "read" ? "read" : "read_write";
  return { name, binding, access: used, ...(type !== undefined && { type }) };
}

/** The type of a tensor for a binding, or the alias that names it; undefined for a structure, which may hold any. */
function dtypeOf(name: string, aliases: readonly string[]): string | undefined {
  if (aliases.includes(name) || Object.values(TYPES).some((type) => type === name)) return name;
  const letter = /^(?:vec[234]|mat[234]x[234])([fuih])$/.exec(name)?.[1];
  return letter && TYPES[letter];
}
