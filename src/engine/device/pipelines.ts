import { BindingError, ShaderError } from "../errors.js";
import { BINDING_ALIGNMENT, type DType, type Tensor } from "../tensors/tensor.js";
import type { Shader } from "./shader.js";

/** Values for a shader's `override` constants. */
export type Constants = Readonly<Record<string, number | boolean>>;

/** Types for a shader's aliases. */
export type StorageTypes = Readonly<Record<string, DType>>;

/** Tensors for a shader's bindings, by the names in the shader. */
export type Bindings = Readonly<Record<string, Tensor>>;

/** A compute pipeline: a shader with its constants settled. */
export interface Kernel {
  readonly shader: Shader;
  readonly pipeline: Promise<GPUComputePipeline>;
}

/** Compiles each shader once for each set of constants. */
export class Kernels {
  private readonly modules = new Map<string, GPUShaderModule>();
  private readonly kernels = new Map<string, Kernel>();

  constructor(private readonly device: GPUDevice) {}

  /**
   * The kernel of a shader; compiling starts at once and goes on beside the caller.
   * @throws {BindingError} if a constant or a type is not in the shader.
   */
  get(source: Shader, constants: Constants, types: StorageTypes = {}): Kernel {
    const shader = withTypes(source, types);
    const settled: Record<string, number> = {};
    for (const [name, value] of Object.entries(constants)) {
      if (!shader.overrides.includes(name)) {
        throw new BindingError(
          `Shader ${shader.name} has no override constant ${name}; it has ${shader.overrides.join(", ") || "none"}.`,
        );
      }
      settled[name] = Number(value);
    }
    const key = `${shader.name} ${JSON.stringify(Object.entries(settled).sort())}`;
    let kernel = this.kernels.get(key);
    if (!kernel) {
      kernel = { shader, pipeline: this.compile(shader, settled) };
      // A failure is reported where the pipeline is awaited; this keeps it from counting as unhandled before.
      kernel.pipeline.catch(() => {});
      this.kernels.set(key, kernel);
    }
    return kernel;
  }

  private async compile(shader: Shader, constants: Record<string, number>): Promise<GPUComputePipeline> {
    let module = this.modules.get(shader.name);
    if (!module) {
      // What is wrong with it is said below: it is this shader's error, not the device's.
      this.device.pushErrorScope("validation");
      module = this.device.createShaderModule({ label: shader.name, code: shader.code });
      this.device.popErrorScope().catch(() => {});
      this.modules.set(shader.name, module);
    }
    try {
      return await this.device.createComputePipelineAsync({
        label: shader.name,
        layout: "auto",
        compute: { module, entryPoint: shader.entryPoint, constants },
      });
    } catch (cause) {
      const { messages } = await module.getCompilationInfo();
      const lines = shader.code.split("\n");
      const where = messages
        .filter((message) => message.type === "error")
        .map((m) => `${m.lineNum}:${m.linePos} ${m.message}\n  ${lines[m.lineNum - 1] ?? ""}`);
      throw new ShaderError(
        `Shader ${shader.name}.wgsl does not compile: ${where.join("\n") || (cause as Error).message}`,
        { cause },
      );
    }
  }
}

/** A shader with other types in memory. WGSL has constants that are settled late, but no types: so these lines are replaced. */
function withTypes(shader: Shader, types: StorageTypes): Shader {
  let { name, code } = shader;
  for (const [alias, dtype] of Object.entries(types)) {
    if (!shader.aliases.includes(alias)) {
      throw new BindingError(
        `Shader ${shader.name} has no type ${alias}; it has ${shader.aliases.join(", ") || "none"}.`,
      );
    }
    if (dtype === "f32") continue;
    name += ` ${alias}=${dtype}`;
    code = code.replace(`alias ${alias} = f32;`, `alias ${alias} = ${dtype};`);
  }
  return name === shader.name ? shader : { ...shader, name, code: `enable f16;\n${code}` };
}

/**
 * Bind group entries in the order of the shader's own bindings.
 * @throws {BindingError} if a binding is missing, unknown, or a view at an unaligned offset.
 */
export function bindEntries(shader: Shader, bindings: Bindings): GPUBindGroupEntry[] {
  for (const name of Object.keys(bindings)) {
    if (!shader.bindings.some((binding) => binding.name === name)) {
      throw new BindingError(
        `Shader ${shader.name} has no binding ${name}; it has ${shader.bindings.map((b) => b.name).join(", ")}.`,
      );
    }
  }
  return shader.bindings.map(({ name, binding }) => {
    const tensor = bindings[name];
    if (!tensor) throw new BindingError(`Shader ${shader.name} needs a tensor for its binding ${name}.`);
    const resource = tensor.binding();
    if ((resource.offset ?? 0) % BINDING_ALIGNMENT !== 0) {
      throw new BindingError(
        `${tensor.label} starts at byte ${resource.offset}, but bindings start at multiples of ${BINDING_ALIGNMENT}: align the view.`,
      );
    }
    return { binding, resource };
  });
}
