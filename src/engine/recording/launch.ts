import type { Constants } from "../device/bindings.js";
import { ShapeError } from "../errors.js";
import type { DType, Tensor } from "../tensors/tensor.js";
import type { Tape } from "./tape.js";

/** Constants and workgroups of a shader with one invocation for each of `count` elements. */
export function elementwise(
  tape: Tape,
  count: number,
  constants: Constants,
): { constants: Constants; workgroups: readonly number[] } {
  const workgroup = tape.engine.tuning.elementwise;
  return {
    constants: { ...constants, WORKGROUP: workgroup },
    workgroups: [Math.ceil(count / workgroup)],
  };
}

/** Workgroups along a dimension that every WebGPU device takes. */
export const MAX_WORKGROUPS = 65_535;

/**
 * Constants and workgroups of a shader with one invocation for each vec4 of a tensor. The shader asks
 * `arrayLength` how many there are, so that one pipeline serves every size. More workgroups than x can hold
 * continue along y.
 */
export function elementwiseVec4(
  tape: Tape,
  tensor: Tensor,
  constants: Constants = {},
): { constants: Constants; workgroups: readonly number[] } {
  const workgroup = tape.engine.tuning.elementwise;
  const groups = Math.ceil(tensor.size / 4 / workgroup);
  const rows = Math.ceil(groups / MAX_WORKGROUPS);
  return { constants: { ...constants, WORKGROUP: workgroup }, workgroups: [Math.ceil(groups / rows), rows] };
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
