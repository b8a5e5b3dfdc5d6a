import type { Engine } from "../../../src/engine/device/engine.js";
import type { Shader } from "../../../src/engine/device/shader.js";
import { cast } from "../../../src/engine/ops/elementwise/cast.js";
import { RandomStream } from "../../../src/engine/random.js";
import type { Program } from "../../../src/engine/recording/program.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import { type DType, sizeOf, type Tensor } from "../../../src/engine/tensors/tensor.js";
import { decodeFloats, encodeFloats } from "../floats.js";
import { BoundBytes } from "../timing/bound-bytes.js";
import { DispatchSession } from "./dispatch-session.js";

/** The numbers of a buffer. */
export type Numbers = Float32Array | Uint32Array | Int32Array;

/** A buffer for a shader. */
export interface ShaderBuffer {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Numbers to begin with: given ones, random ones, or zeros, which a result begins with. */
  readonly content: readonly number[] | "random" | "zeros";
}

/** Someone's shader with all that it is dispatched with, as plain data. */
export interface ShaderRequest {
  readonly shader: Shader;
  readonly buffers: readonly ShaderBuffer[];
  readonly constants: Readonly<Record<string, number>>;
  readonly workgroups: readonly number[];
  /** Multiply-adds of a dispatch, for the speed figures. */
  readonly multiplyAdds: number;
  /** Bytes that a dispatch reads and writes, for the speed figures; default: those of its buffers, each counted once. */
  readonly bytes?: number;
}

/** A shader with its buffers. */
export class ShaderSession {
  private constructor(
    readonly timing: DispatchSession,
    private readonly engine: Engine,
    private readonly program: Program,
    private readonly tensors: ReadonlyMap<string, Tensor>,
  ) {}

  /**
   * @throws {ShaderError} if the shader does not compile.
   * @throws {BindingError} if a buffer or a constant is missing, unknown or of another type.
   */
  static async open(engine: Engine, request: ShaderRequest): Promise<ShaderSession> {
    const { shader, buffers, constants, workgroups, multiplyAdds } = request;
    const bytes = new BoundBytes(engine.device);
    const tape = new Tape(engine);
    try {
      const tensors = new Map<string, Tensor>();
      for (const buffer of buffers) {
        tensors.set(buffer.name, await tensorOf(tape, buffer, new RandomStream(1, streamOf(buffer.name))));
      }
      const bindings = Object.fromEntries(tensors);
      tape.dispatch({ shader, bindings, constants, workgroups, multiplyAdds });
      const program = await tape.finish();
      return new ShaderSession(new DispatchSession(program, bytes), engine, program, tensors);
    } catch (error) {
      tape.dispose();
      throw error;
    } finally {
      bytes.stop();
    }
  }

  /** Dispatches it once, and reads some of its buffers. */
  async results(names: readonly string[]): Promise<Record<string, Numbers>> {
    this.program.run();
    const results: Record<string, Numbers> = {};
    for (const name of names) results[name] = await numbersOf(this.tensors.get(name) as Tensor, this.engine);
    return results;
  }

  dispose(): void {
    this.program.dispose();
  }
}

/** A stream of random numbers for each name, so that a shader and its reference get the same ones. */
function streamOf(name: string): number {
  return [...name].reduce((stream, letter) => (31 * stream + (letter.codePointAt(0) as number)) >>> 0, 0);
}

async function numbersOf(tensor: Tensor, engine: Engine): Promise<Numbers> {
  if (tensor.dtype === "u32") return engine.readUint32(tensor);
  if (tensor.dtype === "i32") return engine.readInt32(tensor);
  if (tensor.dtype === "f32") return engine.read(tensor);
  return withCast(engine, tensor, "f32", (wide) => engine.read(wide));
}

/** Numbers as base64, to leave a page: a list of millions would not fit through. */
export function encodeNumbers({ buffer, byteOffset, length }: Numbers): string {
  return encodeFloats(new Float32Array(buffer, byteOffset, length));
}

/** @param dtype of the buffer that they come from; those of half precision come as f32. */
export function decodeNumbers(text: string, dtype: DType): Numbers {
  const floats = decodeFloats(text);
  if (dtype === "u32") return new Uint32Array(floats.buffer);
  return dtype === "i32" ? new Int32Array(floats.buffer) : floats;
}

async function tensorOf(
  tape: Tape,
  { name, dtype, shape, content }: ShaderBuffer,
  random: RandomStream,
): Promise<Tensor> {
  const { engine } = tape;
  const tensor = tape.tensor(shape, name, dtype);
  if (content === "zeros") return tensor;
  const isFloat = dtype === "f32" || dtype === "f16";
  const at = (i: number): number => {
    if (content !== "random") return content[i] as number;
    return isFloat ? 2 * random.uniform() - 1 : Math.floor(256 * random.uniform());
  };
  const numbers = Array.from({ length: sizeOf(shape) }, (_, i) => at(i));
  if (dtype === "u32") engine.write(tensor, Uint32Array.from(numbers));
  else if (dtype === "i32") engine.write(tensor, Int32Array.from(numbers));
  else if (dtype === "f32") engine.write(tensor, Float32Array.from(numbers));
  else {
    const wide = engine.tensor(shape, { data: Float32Array.from(numbers), label: name });
    await withCast(engine, wide, "f16", async (half) => engine.copy(half, tensor));
    engine.free(wide);
  }
  return tensor;
}

/** Makes a copy of another precision on the device, and uses it before it is freed. */
async function withCast<T>(
  engine: Engine,
  tensor: Tensor,
  dtype: "f32" | "f16",
  use: (copy: Tensor) => Promise<T>,
): Promise<T> {
  const tape = new Tape(engine);
  const copy = cast(tape, tensor, dtype);
  const program = await tape.finish();
  try {
    program.run();
    return await use(copy);
  } finally {
    program.dispose();
  }
}
