import { describe, expect, it } from "vitest";
import { ShapeError } from "../../../src/engine/errors.js";
import { RandomStream } from "../../../src/engine/random.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import { lossPredictionLoss } from "../../../src/model/losses/loss-prediction.js";
import { columnErrors, lossPredictionLoss as oracle } from "../../oracle/loss-prediction.js";
import { ndArray } from "../../oracle/nd-array.js";
import { useEngine } from "../../support/engine.js";
import { expectMatches, randomArray, upload } from "../../support/gradient-check.js";

const gpu = useEngine();

describe("lossPredictionLoss", () => {
  it.each([
    { R: 3, Q: 2, P: 1, rows: 1, squaredFrom: 2 },
    { R: 8, Q: 5, P: 64, rows: 3, squaredFrom: 4 },
    { R: 5, Q: 4, P: 70, rows: 1, squaredFrom: 1 },
  ])(
    "equals its oracle, whose error is a constant for the gradient: %j",
    async ({ R, Q, P, rows, squaredFrom }) => {
      const random = new RandomStream(P, 31);
      const inputs = { x: randomArray(random, [1, R, P]), reference: randomArray(random, [1, Q, P]) };
      const errors = columnErrors(inputs.x, inputs.reference, rows);
      await expectMatches(gpu.engine, {
        inputs,
        record: (tape, { x, reference }) => [
          lossPredictionLoss(tape, x, reference, { rows, squaredFrom, weight: 0.2 }),
        ],
        oracle: ({ x, reference }) => [
          oracle(x, reference, { squaredFrom, weight: 0.2 }, columnErrors(x, reference, rows)),
        ],
        differentiable: ({ x, reference }) => [oracle(x, reference, { squaredFrom, weight: 0.2 }, errors)],
        wrt: ["x"],
        lossWeight: 1,
      });
    },
  );

  it("refuses a reference that leaves no row for the error", () => {
    const x = upload(gpu.engine, ndArray([1, 4, 8]));
    const reference = upload(gpu.engine, ndArray([1, 4, 8]));
    const tape = new Tape(gpu.engine);
    expect(() => lossPredictionLoss(tape, x, reference, { rows: 3, squaredFrom: 4, weight: 1 })).toThrow(
      ShapeError,
    );
    gpu.engine.free(x);
    gpu.engine.free(reference);
  });
});
