import { describe, expect, it } from "vitest";
import { ShapeError } from "../../../../src/engine/errors.js";
import { add } from "../../../../src/engine/ops/elementwise/add.js";
import { padReplicate } from "../../../../src/engine/ops/rearrange/pad-replicate.js";
import { trim } from "../../../../src/engine/ops/rearrange/trim.js";
import { RandomStream } from "../../../../src/engine/random.js";
import { StepCounter } from "../../../../src/engine/recording/step-counter.js";
import { Tape } from "../../../../src/engine/recording/tape.js";
import { at, generate, ndArray } from "../../../oracle/nd-array.js";
import { padReplicate as padOracle } from "../../../oracle/pad-replicate.js";
import { useEngine } from "../../../support/engine.js";
import { expectMatches, randomArray } from "../../../support/gradient-check.js";

const gpu = useEngine();

describe("padReplicate", () => {
  it.each([
    [
      [1, 2, 3, 5],
      [8, 8],
    ],
    [
      [2, 1, 1, 4],
      [3, 4],
    ],
    [
      [1, 3, 4, 4],
      [4, 4],
    ],
  ] as const)("continues [%s] to [%s]", async (shape, [height, width]) => {
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(new RandomStream(1, 2), shape) },
      record: (tape, { x }) => [padReplicate(tape, x, [height, width])],
      oracle: ({ x }) => [padOracle(x, height, width)],
      wrt: ["x"],
    });
  });

  it("adds a channel of this step's values", async () => {
    const counter = new StepCounter(gpu.engine);
    counter.reset(0, 1);
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(new RandomStream(1, 3), [2, 2, 2, 3]) },
      record: (tape, { x }) => {
        const values = tape.constant(Float32Array.of(9, 9, 0.25, 0.5));
        return [padReplicate(tape, x, [4, 3], { channel: { values, counter } })];
      },
      oracle: ({ x }) => [padOracle(x, 4, 3, [0.25, 0.5])],
      wrt: ["x"],
    });
    gpu.engine.free(counter.tensor);
  });

  it("refuses to make an image smaller", () => {
    const tape = new Tape(gpu.engine);
    expect(() => padReplicate(tape, tape.tensor([1, 1, 4, 4]), [3, 8])).toThrow(ShapeError);
  });
});

describe("trim", () => {
  it("takes the top left part", async () => {
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(new RandomStream(1, 4), [2, 2, 4, 5]) },
      record: (tape, { x }) => [trim(tape, x, [3, 2]), trim(tape, x, [4, 5])],
      oracle: ({ x }) => [
        generate([2, 2, 3, 2], (...place) => at(x, ...place)),
        generate([2, 2, 4, 5], (...place) => at(x, ...place)),
      ],
      wrt: ["x"],
    });
  });

  it("refuses to make an image larger", () => {
    const tape = new Tape(gpu.engine);
    expect(() => trim(tape, tape.tensor([1, 1, 4, 4]), [5, 4])).toThrow(ShapeError);
  });
});

describe("add", () => {
  it("hands its gradient on to both, also where they are one", async () => {
    const random = new RandomStream(1, 5);
    await expectMatches(gpu.engine, {
      inputs: { a: randomArray(random, [1, 2, 3, 5]), b: randomArray(random, [1, 2, 3, 5]) },
      record: (tape, { a, b }) => [add(tape, add(tape, a, b), a)],
      oracle: ({ a, b }) => [
        ndArray(
          a.shape,
          a.data.map((value, i) => 2 * value + (b.data[i] as number)),
        ),
      ],
      wrt: ["a", "b"],
    });
  });

  it("refuses tensors of different sizes", () => {
    const tape = new Tape(gpu.engine);
    expect(() => add(tape, tape.tensor([4]), tape.tensor([5]))).toThrow(ShapeError);
  });
});
