import type { Tensor } from "../../../src/engine/tensors/tensor.js";
import fmaShader from "../../shaders/fma.wgsl";
import type { Variant } from "./variant.js";

/** Iterations of the kernel's loop, and multiply-adds per chain and iteration: eight links of four numbers. */
const LOOPS = 64;
const LINK = 8 * 4;
const CHAINS = [2, 4, 8, 16];
const WORKGROUPS = [8, 64, 256];

/**
 * Independent chains of fused multiply-adds in registers.
 * @param sums where each invocation writes a vec4; a tensor of its own unless given.
 */
export function multiplyAdds(invocations: number, chains: number, workgroup: number, sums?: Tensor): Variant {
  return {
    how: `${chains} chains of vec4 FMAs, workgroups of ${workgroup}`,
    amount: (2 * invocations * LOOPS * chains * LINK) / 1e9,
    request: (tape) => ({
      shader: fmaShader,
      constants: { ROUNDS: LOOPS, CHAINS: chains, WORKGROUP: workgroup },
      bindings: {
        // With these factors the chains converge instead of overflowing.
        factors: tape.constant(Float32Array.of(0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1)),
        sums: sums ?? tape.tensor([4 * invocations]),
      },
      workgroups: [invocations / workgroup],
      multiplyAdds: invocations * LOOPS * chains * LINK,
    }),
  };
}

/** Every combination of chains and workgroups. */
export function multiplyAddVariants(invocations: number, sums: Tensor): Variant[] {
  return CHAINS.flatMap((chains) =>
    WORKGROUPS.map((workgroup) => multiplyAdds(invocations, chains, workgroup, sums)),
  );
}
