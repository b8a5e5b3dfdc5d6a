import { BindingError, ShaderError } from "../errors.js";
import { kindOf } from "../kind-of.js";
import { BINDING_ALIGNMENT, type DType, Tensor } from "../tensors/tensor.js";
import { TensorSet } from "../tensors/tensor-set.js";
import type { Shader, ShaderBinding } from "./shader.js";

/** Values for a shader's `override` constants. */
export type Constants = Readonly<Record<string, number | boolean>>;

/** Element types for a shader's storage aliases. */
export type StorageTypes = Readonly<Record<string, DType>>;

/** Tensors for a shader's bindings, by the names in the shader. */
export type Bindings = Readonly<Record<string, Tensor>>;

/**
 * Checks that a value is a shader.
 * @throws {ShaderError} if it is anything else, such as WGSL text or a path.
 */
export function checkShader(value: unknown): asserts value is Shader {
  const { code, bindings } = (value ?? {}) as Partial<Shader>;
  if (typeof code === "string" && Array.isArray(bindings)) return;
  throw new ShaderError(
    `A dispatch needs a shader: a .wgsl import, or that of shaderFromSource; got ${kindOf(value)}.`,
  );
}

/**
 * The shader's override constants as numbers.
 * @throws {BindingError} if one is unknown, no number, or a fraction where an integer is declared, or one without a default is
 *   missing. The device refuses what is out of range.
 */
export function checkConstants(shader: Shader, constants: Constants): Record<string, number> {
  checkNames(shader, "override constant", shader.overrides, Object.keys(constants));
  const given = Object.keys(constants).filter((name) => constants[name] !== undefined);
  const names = [...shader.required, ...given];
  for (const name of names) {
    const value = constants[name];
    const whole = shader.integers?.includes(name);
    if (typeof value === "boolean" || (whole ? Number.isInteger : Number.isFinite)(value)) continue;
    throw new BindingError(
      `Shader ${shader.name} needs a ${whole ? "whole " : ""}number for its override constant ${name}; got ${value}.`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, Number(constants[name])]));
}

/** @throws {BindingError} if a storage type is unknown. */
export function checkTypes(shader: Shader, types: StorageTypes): void {
  checkNames(shader, "storage type", shader.aliases, Object.keys(types));
}

/**
 * Bind group entries in the order of the shader's own bindings.
 * @throws {BindingError} if a binding is missing, unknown, not a tensor of the engine, too small or of another type, a view at
 *   an unaligned offset, or written while another binding uses the same memory.
 */
export function bindEntries(
  engine: { owns(tensor: Tensor): boolean },
  shader: Shader,
  bindings: Bindings,
  types: StorageTypes,
): GPUBindGroupEntry[] {
  const names = shader.bindings.map(({ name }) => name);
  checkNames(shader, "binding", names, Object.keys(bindings));
  return shader.bindings.map(({ name, binding, access, type = "" }) => {
    const tensor = bindings[name];
    if (!(tensor instanceof Tensor)) {
      throw new BindingError(`Shader ${shader.name} needs a tensor for its binding ${name}.`);
    }
    const { label, shape, dtype, size, offset } = tensor;
    const wanted = shader.aliases.includes(type) ? (types[type] ?? "f32") : type;
    if (size < leastElements(shader, name) || (wanted && dtype !== wanted)) {
      throw new BindingError(
        `Shader ${shader.name} needs ${wanted} for its binding ${name}, at least ${leastElements(shader, name)}; got ${label} [${shape}] of ${dtype}.`,
      );
    }
    if (!engine.owns(tensor)) throw new BindingError(`${label} was freed, or is of another engine.`);
    if (offset % BINDING_ALIGNMENT !== 0) {
      throw new BindingError(
        `${label} starts at byte ${offset}, but bindings start at multiples of ${BINDING_ALIGNMENT}: align the view.`,
      );
    }
    // A buffer that is read counts as a whole, one that is written by its parts.
    const clashes = (other: ShaderBinding): boolean =>
      other.name !== name &&
      bindings[other.name]?.buffer === tensor.buffer &&
      (other.access !== "read_write" || new TensorSet([tensor]).touches(bindings[other.name] as Tensor));
    if (access === "read_write" && shader.bindings.some(clashes)) {
      throw new BindingError(`Shader ${shader.name} writes ${label}, which it binds twice: copy it.`);
    }
    return { binding, resource: tensor.binding() };
  });
}

/** Fewest elements that a shader reads of a binding: the members of a structure, or 1. */
function leastElements({ code }: Shader, binding: string): number {
  const members = RegExp(`struct (\\w+)([^}]*)}[^]*> *${binding}: *(?:array<)?\\1\\b`).exec(code)?.[2];
  return members?.match(/: *\w+32/g)?.length ?? 1;
}

function checkNames(
  { name: shader }: Shader,
  kind: string,
  known: readonly string[],
  given: readonly string[],
): void {
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new BindingError(
      `Shader ${shader} has no ${kind} ${unknown}; it has ${known.join(", ") || "none"}.`,
    );
  }
}
