/** How a shader uses one of its bindings. */
export type BindingAccess = "read" | "read_write" | "uniform";

/** One `@group(0) @binding(n) var` of a shader. */
export interface ShaderBinding {
  readonly name: string;
  readonly binding: number;
  readonly access: BindingAccess;
}

/** A WGSL module with the interface that was read off its own text when the project was built. */
export interface Shader {
  /** File name without its ending, as in `src/shaders`. */
  readonly name: string;
  readonly code: string;
  readonly entryPoint: string;
  readonly bindings: readonly ShaderBinding[];
  /** Names of the `override` constants. */
  readonly overrides: readonly string[];
  /** Names of the types that are f32 unless said otherwise (`alias X = f32;`): of what lies in memory. */
  readonly aliases: readonly string[];
}
