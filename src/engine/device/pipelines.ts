import { ShaderError } from "../errors.js";
import { type Constants, checkConstants, checkTypes, type StorageTypes } from "./bindings.js";
import { locate, type Shader } from "./shader.js";

/** A compiled text, and its pipelines by the values of their constants. */
interface CompiledModule {
  readonly module: GPUShaderModule;
  readonly pipelines: Map<string, Promise<GPUComputePipeline>>;
}

/** Compiles each text of a shader once, and each set of its constants once. */
export class PipelineCache {
  private readonly modules = new Map<string, CompiledModule>();

  constructor(private readonly device: GPUDevice) {}

  /**
   * The pipeline of a shader. Compiling starts at once and does not hold up the caller; the promise rejects
   * with {@link ShaderError} if the shader does not compile.
   * @throws {BindingError} if the shader lacks a constant or a type, or a constant without a default is
   *   missing.
   */
  get(source: Shader, constants: Constants, types: StorageTypes = {}): Promise<GPUComputePipeline> {
    const values = checkConstants(source, constants);
    const shader = withTypes(source, types);
    const compiled = this.module(shader);
    const key = JSON.stringify([shader.entryPoint, ...Object.entries(values).sort()]);
    let pipeline = compiled.pipelines.get(key);
    if (!pipeline) {
      pipeline = this.compile(shader, compiled.module, values);
      // Whoever awaits the pipeline reports a failure; until then it must not count as unhandled.
      pipeline.catch(() => {});
      compiled.pipelines.set(key, pipeline);
    }
    return pipeline;
  }

  private module({ name, code }: Shader): CompiledModule {
    let compiled = this.modules.get(code);
    if (!compiled) {
      // `compile` reports the shader's mistakes; the scope keeps them from counting as the device's.
      this.device.pushErrorScope("validation");
      const module = this.device.createShaderModule({ label: name, code });
      this.device.popErrorScope().catch(() => {});
      compiled = { module, pipelines: new Map() };
      this.modules.set(code, compiled);
    }
    return compiled;
  }

  private async compile(
    shader: Shader,
    module: GPUShaderModule,
    constants: Record<string, number>,
  ): Promise<GPUComputePipeline> {
    try {
      return await this.device.createComputePipelineAsync({
        label: shader.name,
        layout: "auto",
        compute: { module, entryPoint: shader.entryPoint, constants },
      });
    } catch (cause) {
      const { messages } = await module.getCompilationInfo();
      const errors = messages
        .filter(({ type }) => type === "error")
        .map((message) => describe(shader, message));
      throw new ShaderError(
        `Shader ${shader.name}.wgsl does not compile: ${errors.join("\n") || (cause as Error).message}`,
        { cause },
      );
    }
  }
}

/** Characters of a source line that an error shows before and after its place: a built shader is one long line. */
const SHOWN = 60;

/** A compiler's message with the file, line and column that it is about, and that line, or the part around the column. */
function describe(shader: Shader, { lineNum, linePos, message }: GPUCompilationMessage): string {
  const { file, line } = locate(shader, lineNum);
  const source = shader.code.split("\n")[lineNum - 1] ?? "";
  const first = Math.max(0, linePos - 1 - SHOWN);
  // Naga, the compiler of wgpu, draws the place itself in the lines that follow.
  const [what] = message.trim().split("\n");
  return `${file}:${line}:${linePos} ${what}\n  ${source.slice(first, linePos - 1 + SHOWN)}`;
}

/**
 * The shader with other storage types. WGSL has no constants for types, so the lines that name them are
 * replaced.
 */
function withTypes(shader: Shader, types: StorageTypes): Shader {
  checkTypes(shader, types);
  const half = Object.keys(types).filter((alias) => types[alias] !== "f32");
  if (half.length === 0) return shader;
  const code = half.reduce(
    (text, alias) => text.replace(`alias ${alias} = f32;`, `alias ${alias} = ${types[alias]};`),
    shader.code,
  );
  // On the first line, so that the numbers of the others stay.
  return { ...shader, code: `enable f16; ${code}` };
}
