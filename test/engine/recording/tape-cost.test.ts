import { expect, it } from "vitest";
import type { Engine } from "../../../src/engine/device/engine.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import { Tensor } from "../../../src/engine/tensors/tensor.js";

/**
 * How often a tape looks at the place of any tensor while it records a chain of operations; it needs no GPU
 * for that.
 */
function lookups(operations: number, makeOutput: (i: number) => Tensor): number {
  let count = 0;
  const counted = (tensor: Tensor): Tensor => {
    const { start } = tensor;
    return Object.defineProperty(tensor, "start", {
      get: () => {
        count++;
        return start;
      },
    });
  };
  const tape = new Tape({} as Engine);
  for (let i = 0; i < operations; i++) tape.differentiable([], [counted(makeOutput(i))], () => {});
  return count;
}

it.each([
  ["tensors of their own", () => () => new Tensor({} as GPUBuffer, [4])],
  [
    "parts of one tensor",
    (count: number) => {
      const whole = new Tensor({} as GPUBuffer, [128 * count]);
      return (i: number) => whole.view(128 * i, [4]);
    },
  ],
])("ten times as many operations on %s cost a tape ten times as much", (_name, outputs) => {
  const few = lookups(500, outputs(500));
  const many = lookups(5000, outputs(5000));
  expect(few).toBeGreaterThan(0);
  expect(many / few).toBeLessThan(11);
});
