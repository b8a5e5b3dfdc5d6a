import { describe, it } from "vitest";
import { batchNormRelu } from "../../src/engine/ops/batch-norm-relu.js";
import { RandomStream } from "../../src/engine/random.js";
import { batchNorm, batchNormRelu as oracle } from "../oracle/batch-norm-relu.js";
import type { NdArray } from "../oracle/nd-array.js";
import { useEngine } from "../support/engine.js";
import { expectMatches, randomArray } from "../support/gradient-check.js";

const gpu = useEngine();

interface Inputs {
  readonly x: NdArray;
  readonly gamma: NdArray;
  readonly beta: NdArray;
}

/** Draws until no activation is near ReLU's kink, where a difference quotient would say nothing. */
function drawAwayFromKinks(seed: number, shape: readonly number[], offset: number): Inputs {
  const random = new RandomStream(seed, 3);
  for (;;) {
    const drawn = randomArray(random, shape);
    const x = { shape, data: drawn.data.map((value) => Math.fround(value + offset)) };
    const gamma = randomArray(random, [shape[1] as number]);
    const beta = randomArray(random, [shape[1] as number]);
    if (batchNorm(x, gamma, beta).data.every((y) => Math.abs(y) > 1e-3)) return { x, gamma, beta };
  }
}

describe("batchNormRelu", () => {
  it.each([
    { seed: 0, shape: [1, 1, 4], offset: 0 },
    { seed: 1, shape: [2, 3, 12], offset: 0 },
    { seed: 2, shape: [3, 2, 36], offset: 4 },
    { seed: 3, shape: [1, 5, 20], offset: -1 },
  ])("equals its oracle for $shape", async ({ seed, shape, offset }) => {
    const inputs = drawAwayFromKinks(seed, shape, offset);
    // The inverse square root that WGSL asks for is good to 2 ulp at best, and drivers differ.
    const tolerance = 2e-5;
    await expectMatches(
      gpu.engine,
      {
        inputs: { ...inputs },
        record: (tape, { x, gamma, beta }) => [batchNormRelu(tape, x, gamma, beta)],
        oracle: ({ x, gamma, beta }) => [oracle(x, gamma, beta)],
        wrt: ["x", "gamma", "beta"],
      },
      tolerance,
    );
  });

  it("gives a flat channel its beta", async () => {
    const x = { shape: [1, 2, 8], data: new Float64Array(16).fill(0.25) };
    await expectMatches(gpu.engine, {
      inputs: {
        x,
        gamma: { shape: [2], data: Float64Array.of(1, 1) },
        beta: { shape: [2], data: Float64Array.of(0.5, -0.5) },
      },
      record: (tape, { x, gamma, beta }) => [batchNormRelu(tape, x, gamma, beta)],
      oracle: ({ x, gamma, beta }) => [oracle(x, gamma, beta)],
      wrt: ["beta"],
    });
  });
});
