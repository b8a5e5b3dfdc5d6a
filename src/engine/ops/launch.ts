import type { Constants } from "../kernels.js";
import type { Tape } from "../tape.js";

/** Constants and workgroups of a kernel with one invocation for each of `count` elements. */
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
