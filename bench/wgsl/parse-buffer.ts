import { readFileSync } from "node:fs";
import type { ShaderBuffer } from "../harness/sessions/shader-session.js";
import { BenchError } from "../report/errors.js";
import { type NpyArray, readNpy } from "./npy.js";

const FORM = /^(\w+):(f32|f16|u32|i32)\[(\d+(?:,\d+)*)\](?:=(.+))?$/;
/** Elements of a buffer at most: those of 4 GiB. */
const MAX_ELEMENTS = 2 ** 30;

/**
 * Parses a buffer such as `a:f32[1024,1024]`, `sizes:u32[4]=64,64,1,0`, `x:f32[8,8]=x.npy`, `y:f32[64]=zeros`.
 * @param unless what it holds unless given.
 * @throws {BenchError} if it is not of this form, or its numbers do not fill it.
 */
export function parseBuffer(text: string, unless: "random" | "zeros"): ShaderBuffer {
  const [, name = "", dtype = "", sizes = "", content = unless] = FORM.exec(text.trim()) ?? [];
  const shape = sizes.split(",").map(Number);
  const count = shape.reduce((product, size) => product * size, 1);
  if (name === "" || count < 1 || count > MAX_ELEMENTS) {
    throw new BenchError(
      `"${text}" describes no buffer: give a name, a type and sizes, such as a:f32[1024,1024], and after = random, zeros, numbers or a .npy file.`,
    );
  }
  const buffer = { name, dtype: dtype as ShaderBuffer["dtype"], shape };
  if (content === "random" || content === "zeros") return { ...buffer, content };
  const values = content.endsWith(".npy") ? readArray(content).values : content.split(",").map(Number);
  if (!content.endsWith(".npy") && values.some((value) => !Number.isFinite(value))) {
    throw new BenchError(
      `${name} begins with "${content}", which is none of random, zeros, numbers such as 1,2,3, and a .npy file.`,
    );
  }
  if (values.length !== count) {
    throw new BenchError(`${name} has ${count} elements, and ${content} gives ${values.length} numbers.`);
  }
  const wrong = values.find((value) => !fits(value, buffer.dtype));
  if (wrong !== undefined) throw new BenchError(`${name} is of ${dtype}, which does not hold ${wrong}.`);
  return { ...buffer, content: values };
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
  } catch {
    throw new BenchError(`${path} cannot be read.`);
  }
  return readNpy(bytes, path);
}
