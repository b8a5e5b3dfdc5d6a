import type { Constants } from "../../../engine/device/bindings.js";
import type { Tape } from "../../../engine/recording/tape.js";

/** Constants and workgroups of a shader with one invocation for each of so many pixels of each plane. */
export function planewise(
  tape: Tape,
  pixels: number,
  planes: number,
  constants: Constants,
): { constants: Constants; workgroups: readonly number[] } {
  const workgroup = tape.engine.tuning.elementwise;
  return {
    constants: { ...constants, WORKGROUP: workgroup },
    workgroups: [Math.ceil(pixels / workgroup), planes],
  };
}
