import { readFileSync } from "node:fs";
import type { TypeInfo } from "wgsl_reflect/wgsl_reflect.module.js";
import { readFailure } from "../../src/node/files/system-errors.js";
import type { ShaderBuffer } from "../harness/sessions/shader-session.js";
import { BenchError } from "../report/errors.js";
import { packNumbers } from "./layout.js";
import { type NpyArray, readNpy } from "./npy.js";

const FORM = /^(\w+):(f32|f16|u32|i32)\[(\d+(?:,\d+)*)\](?:=(.+))?$/;
/** A buffer of the shader's own type, such as a structure, with its numbers. */
const TYPED_BY_SHADER = /^(\w+)=([^=]+)$/;
/** A buffer of either form. */
const NAMED = /^\s*(\w+)\s*[:=]/;
/** Elements of a buffer at most: those of 4 GiB. */
const MAX_ELEMENTS = 2 ** 30;

/**
 * Parses a buffer such as `a:f32[1024,1024]`, `sizes:u32[4]=64,64,1,0`, `x:f32[8,8]=x.npy`, `y:f32[64]=zeros`, or
 * `params=64,0.5`, which is laid out as the shader says.
 * @param unless what it holds unless given.
 * @param types of the shader's bindings, by name.
 * @throws {BenchError} if it is not of this form, or its numbers do not fill it.
 */
export function parseBuffer(
  text: string,
  unless: "random" | "zeros",
  types: ReadonlyMap<string, TypeInfo> = new Map(),
): ShaderBuffer {
  const [, typed = "", numbers = ""] = TYPED_BY_SHADER.exec(text.trim()) ?? [];
  const type = types.get(typed);
  if (type) {
    const words = packNumbers(typed, type, numbersOf(typed, numbers));
    return { name: typed, dtype: "u32", shape: [words.length], content: words };
  }
  const [, name = "", dtype = "", sizes = "", content = unless] = FORM.exec(text.trim()) ?? [];
  const shape = sizes.split(",").map(Number);
  const count = shape.reduce((product, size) => product * size, 1);
  if (name === "" || count < 1 || count > MAX_ELEMENTS) {
    throw new BenchError(
      `"${text}" describes no buffer: give a name, a type and sizes, such as a:f32[1024,1024], and after = random, zeros, numbers or a .npy file.`,
    );
  }
  if (dtype === "f16" && count % 2 === 1) {
    throw new BenchError(
      `${name} has ${count} elements of f16, and a buffer takes whole words: give an even number.`,
    );
  }
  const buffer = { name, dtype: dtype as ShaderBuffer["dtype"], shape };
  if (content === "random" || content === "zeros") return { ...buffer, content };
  const values = content.endsWith(".npy")
    ? valuesOf(readArray(content), buffer, content)
    : numbersOf(name, content);
  if (values.length !== count) {
    throw new BenchError(`${name} has ${count} elements, and ${content} gives ${values.length} numbers.`);
  }
  const wrong = values.find((value) => !fits(value, buffer.dtype));
  if (wrong !== undefined) throw new BenchError(`${name} is of ${dtype}, which does not hold ${wrong}.`);
  return { ...buffer, content: values };
}

/** The name in a buffer's text; undefined if it has none. */
export function nameOf(text: string): string | undefined {
  return NAMED.exec(text)?.[1];
}

/** Numbers separated by commas. */
function numbersOf(name: string, content: string): number[] {
  const values = content.split(",").map((word) => (word.trim() === "" ? Number.NaN : Number(word)));
  if (values.every(Number.isFinite)) return values;
  throw new BenchError(
    `${name} begins with "${content}", which is none of random, zeros, numbers such as 1,2,3, and a .npy file.`,
  );
}

/**
 * The values of an array from a file for a buffer of the same shape; sides of 1 do not count, and a list fits any shape.
 * @param from the file's name, for the error message.
 * @throws {BenchError} if the shapes differ: the same numbers in another order would be wrong without a word.
 */
export function valuesOf(
  { shape, values }: NpyArray,
  buffer: Pick<ShaderBuffer, "name" | "shape">,
  from: string,
): readonly number[] {
  const [given, wanted] = [shape, buffer.shape].map((sides) => sides.filter((side) => side !== 1)) as [
    number[],
    number[],
  ];
  if (given.length < 2 || wanted.length < 2 || given.join() === wanted.join()) return values;
  throw new BenchError(
    `${from} has the shape [${shape.join()}], and ${buffer.name} is [${buffer.shape.join()}]: give an array of that shape, or a flat one.`,
  );
}

/** Whether a type holds a number: any is rounded to a float, and only whole ones within range are integers. */
function fits(value: number, dtype: ShaderBuffer["dtype"]): boolean {
  if (dtype === "f32" || dtype === "f16") return true;
  return value === (dtype === "u32" ? value >>> 0 : value | 0);
}

/** @throws {BenchError} if the file cannot be read, or is no array. */
export function readArray(path: string): NpyArray {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new BenchError(`${path} cannot be read: ${readFailure(error)}.`);
  }
  return readNpy(bytes, path);
}
