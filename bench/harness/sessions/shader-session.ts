import type { Engine } from "../../../src/engine/device/engine.js";
import type { Shader } from "../../../src/engine/device/shader.js";
import { RandomStream } from "../../../src/engine/random.js";
import type { Program } from "../../../src/engine/recording/program.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import { type DType, sizeOf, type Tensor } from "../../../src/engine/tensors/tensor.js";
import { BoundBytes } from "../timing/bound-bytes.js";
import { DispatchSession } from "./dispatch-session.js";

/** A buffer for a shader. */
export interface ShaderBuffer {
  readonly name: string;
  readonly dtype: Exclude<DType, "f16">;
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
      const tensors = new Map(
        buffers.map((buffer, i) => [buffer.name, tensorOf(tape, buffer, new RandomStream(1, i))]),
      );
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

  /** Dispatches it once, and reads one of its buffers. */
  async result(name: string): Promise<number[]> {
    this.program.run();
    const tensor = this.tensors.get(name) as Tensor;
    const { engine } = this;
    if (tensor.dtype === "u32") return [...(await engine.readUint32(tensor))];
    if (tensor.dtype === "i32") return [...(await engine.readInt32(tensor))];
    return [...(await engine.read(tensor))];
  }

  dispose(): void {
    this.program.dispose();
  }
}

function tensorOf(tape: Tape, { name, dtype, shape, content }: ShaderBuffer, random: RandomStream): Tensor {
  const tensor = tape.tensor(shape, name, dtype);
  if (content === "zeros") return tensor;
  const length = sizeOf(shape);
  const at = (i: number): number => {
    if (content !== "random") return content[i] as number;
    return dtype === "f32" ? 2 * random.uniform() - 1 : Math.floor(256 * random.uniform());
  };
  const numbers = Array.from({ length }, (_, i) => at(i));
  const data =
    dtype === "f32"
      ? Float32Array.from(numbers)
      : dtype === "u32"
        ? Uint32Array.from(numbers)
        : Int32Array.from(numbers);
  tape.engine.write(tensor, data);
  return tensor;
}
