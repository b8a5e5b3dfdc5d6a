/** How a shader uses one of its bindings. */
export type BindingAccess = "read" | "read_write" | "uniform";

/** One `@group(0) @binding(n) var` of a shader. */
export interface ShaderBinding {
  readonly name: string;
  readonly binding: number;
  readonly access: BindingAccess;
  /** Type of its elements in memory, such as f32, or the alias that names it; not checked unless given. */
  readonly type?: string;
}

/** A run of a shader's lines that comes from one file. It ends where the next run begins. */
export interface SourceRun {
  /** Line of the shader's code at which the run begins, from 1. */
  readonly at: number;
  /** File name with its ending, relative to the shader's folder. */
  readonly file: string;
  /** Line of the file that stands there, from 1. */
  readonly line: number;
}

/** A WGSL module, with the interface that the build read from its text. */
export interface Shader {
  /** File name without its ending, as in `src/shaders`. */
  readonly name: string;
  readonly code: string;
  readonly entryPoint: string;
  readonly bindings: readonly ShaderBinding[];
  /** Names of the `override` constants. */
  readonly overrides: readonly string[];
  /** Names of those override constants that have no default. */
  readonly required: readonly string[];
  /** Names of the override constants that are integers, whose values a device would round; unchecked unless given. */
  readonly integers?: readonly string[];
  /** Names of the storage types that are f32 by default (`alias X = f32;`). */
  readonly aliases: readonly string[];
  /** Where the lines come from, if the shader includes other files. */
  readonly sources?: readonly SourceRun[];
}

/** The file and the line that a line of a shader's code comes from. */
export function locate({ name, sources = [] }: Shader, line: number): { file: string; line: number } {
  const run = sources.findLast(({ at }) => at <= line) ?? { file: `${name}.wgsl`, line: 0, at: 0 };
  return { file: run.file, line: run.line + line - run.at };
}
