import { describe, expect, it } from "vitest";
import { ShapeError } from "../../../../src/engine/errors.js";
import { RandomStream } from "../../../../src/engine/random.js";
import { advance } from "../../../../src/engine/recording/history.js";
import { StepCounter } from "../../../../src/engine/recording/step-counter.js";
import { Tape } from "../../../../src/engine/recording/tape.js";
import { averageWeights } from "../../../../src/train/guided/operations/average-weights.js";
import { clipGradient } from "../../../../src/train/guided/operations/clip-gradient.js";
import { logarithmicLoss } from "../../../../src/train/guided/operations/logarithmic-loss.js";
import * as oracle from "../../../oracle/guided-training.js";
import { useEngine } from "../../../support/engine.js";
import { expectMatches, randomArray, relativeError, upload } from "../../../support/gradient-check.js";

const gpu = useEngine();

describe("logarithmicLoss", () => {
  it.each([0, 2])("equals its oracle with a rim of %d", async (rim) => {
    const random = new RandomStream(rim, 49);
    await expectMatches(gpu.engine, {
      inputs: {
        x: randomArray(random, [2, 3, 7, 6], 0.05),
        sharp: randomArray(random, [2, 3, 7, 6], 0.05),
      },
      record: (tape, { x, sharp }) => [0, 1].map(() => logarithmicLoss(tape, x, sharp, rim)),
      oracle: ({ x, sharp }) => [0, 1].map(() => oracle.logarithmicLoss(x, sharp, rim)),
      wrt: ["x"],
      lossWeight: 0.7,
    });
  });

  it("refuses pictures that the rim fills", () => {
    const tape = new Tape(gpu.engine);
    const [x, sharp] = [tape.tensor([1, 3, 4, 9]), tape.tensor([1, 3, 4, 9])];
    expect(() => logarithmicLoss(tape, x, sharp, 2)).toThrow(ShapeError);
    expect(() => logarithmicLoss(tape, x, tape.tensor([1, 3, 4, 8]), 1)).toThrow(ShapeError);
  });
});

describe("clipGradient", () => {
  it.each([
    ["longer", 0.5],
    ["shorter", 1000],
  ] as const)("takes a gradient that is %s than its limit", async (_which, limit) => {
    const { engine } = gpu;
    const values = randomArray(new RandomStream(1, 50), [1000]);
    const length = Math.hypot(...values.data);
    const gradient = upload(engine, values);
    const tape = new Tape(engine, false);
    clipGradient(tape, gradient, limit);
    const program = await tape.finish();
    program.run();
    const expected = values.data.map((value) => value * Math.min(1, limit / (length + 1e-6)));
    expect(relativeError(await engine.read(gradient), expected)).toBeLessThan(1e-6);
    program.dispose();
    engine.free(gradient);
  });
});

describe("averageWeights", () => {
  it("moves by the share of the step", async () => {
    const { engine } = gpu;
    const random = new RandomStream(1, 51);
    const arrays = [randomArray(random, [8]), randomArray(random, [8])] as const;
    const [value, average] = arrays.map((array) => upload(engine, array));
    const counter = new StepCounter(engine);
    counter.reset(0, 1);
    const tape = new Tape(engine, false);
    averageWeights(tape, value, tape.constant(Float32Array.of(1, 0.5, 0.25)), counter, average);
    advance(tape, counter);
    const program = await tape.finish();
    program.run(2);
    const expected = arrays[1].data.map((before, i) => {
      const once = before + 0.5 * ((arrays[0].data[i] as number) - before);
      return once + 0.25 * ((arrays[0].data[i] as number) - once);
    });
    expect(relativeError(await engine.read(average), expected)).toBeLessThan(1e-6);
    program.dispose();
    counter.dispose();
    for (const each of [value, average]) engine.free(each);
  });

  it("refuses weights of another size", () => {
    const tape = new Tape(gpu.engine);
    const counter = new StepCounter(gpu.engine);
    const shares = tape.tensor([3]);
    expect(() => averageWeights(tape, tape.tensor([8]), shares, counter, tape.tensor([4]))).toThrow(
      ShapeError,
    );
    counter.dispose();
  });
});
