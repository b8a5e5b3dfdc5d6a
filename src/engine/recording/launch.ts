import type { Constants } from "../device/bindings.js";
import { ShapeError } from "../errors.js";
import type { DType, Tensor } from "../tensors/tensor.js";
import type { Tape } from "./tape.js";

/** Constants and workgroups of a shader. */
interface Launch {
  readonly constants: Constants;
  readonly workgroups: readonly number[];
}

/** Workgroups along a dimension that every WebGPU device takes. */
export const MAX_WORKGROUPS = 65_535;

/** Launch of a shader with one invocation for each place of a grid of x, y and z. */
export function grid(tape: Tape, [x, y = 1, z = 1]: readonly number[], constants: Constants): Launch {
  const workgroup = tape.engine.tuning.elementwise;
  return {
    constants: { ...constants, WORKGROUP: workgroup },
    workgroups: [Math.ceil((x as number) / workgroup), y, z],
  };
}

/**
 * Launch of a shader with one invocation for each of `count` elements. More workgroups than x can hold continue along y.
 */
export function elementwise(tape: Tape, count: number, constants: Constants): Launch {
  const rows = Math.ceil(count / tape.engine.tuning.elementwise / MAX_WORKGROUPS);
  return grid(tape, [Math.ceil(count / rows), rows], constants);
}

/**
 * {@link elementwise} for each vec4 of a tensor. The shader asks `arrayLength` how many there are, so that one pipeline serves every
 * size.
 */
export function elementwiseVec4(tape: Tape, tensor: Tensor, constants: Constants = {}): Launch {
  return elementwise(tape, tensor.size / 4, constants);
}

/**
 * The element type that tensors share.
 * @throws {ShapeError} if their types differ.
 */
export function storedAs(first: Tensor, ...others: Tensor[]): DType {
  const other = others.find(({ dtype }) => dtype !== first.dtype);
  if (other)
    throw new ShapeError(`${first.label} is of ${first.dtype}, ${other.label} of ${other.dtype}: cast one.`);
  return first.dtype;
}
