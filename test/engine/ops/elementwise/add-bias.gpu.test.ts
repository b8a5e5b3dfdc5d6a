import { describe, expect, it } from "vitest";
import { ShapeError } from "../../../../src/engine/errors.js";
import { addBias } from "../../../../src/engine/ops/elementwise/add-bias.js";
import { RandomStream } from "../../../../src/engine/random.js";
import { Tape } from "../../../../src/engine/recording/tape.js";
import { addBias as oracle } from "../../../oracle/add-bias.js";
import { ndArray } from "../../../oracle/nd-array.js";
import { useEngine } from "../../../support/engine.js";
import { expectMatches, randomArray, upload } from "../../../support/gradient-check.js";

const gpu = useEngine();

describe("addBias", () => {
  const SIZES = [
    [1, 4],
    [5, 12],
    [37, 64],
  ] as const;
  it.each(SIZES.flatMap((size) => [false, true].map((relu) => [...size, relu] as const)))(
    "equals its oracle: %d rows of %d, relu %s",
    async (M, P, relu) => {
      const random = new RandomStream(M, 30);
      const x = randomArray(random, [1, M, P]);
      const bias = randomArray(random, [M]);
      // Away from the kink, which central differences would straddle.
      x.data.forEach((value, i) => {
        const sum = value + (bias.data[Math.floor(i / P)] as number);
        if (Math.abs(sum) < 0.01) x.data[i] = value + 0.0625;
      });
      await expectMatches(gpu.engine, {
        inputs: { x, bias },
        record: (tape, tensors) => [addBias(tape, tensors.x, tensors.bias, { relu })],
        oracle: (arrays) => [oracle(arrays.x, arrays.bias, relu)],
        wrt: ["x", "bias"],
        runs: 2,
      });
    },
  );

  it("refuses rows and biases that do not fit", () => {
    const tape = new Tape(gpu.engine);
    const x = upload(gpu.engine, ndArray([1, 3, 4]));
    const bias = upload(gpu.engine, ndArray([4]));
    expect(() => addBias(tape, x, bias)).toThrow(ShapeError);
    expect(() => addBias(tape, x.reshape([1, 2, 6]), bias.view(0, [2]))).toThrow(ShapeError);
    gpu.engine.free(x);
    gpu.engine.free(bias);
  });
});
