import { describe, expect, it } from "vitest";
import { EngineError, ShapeError } from "../../../src/engine/errors.js";
import { sigmoid } from "../../../src/engine/ops/elementwise/sigmoid.js";
import { l1Loss } from "../../../src/engine/ops/losses/l1-loss.js";
import { meanSquaredLoss } from "../../../src/engine/ops/losses/mean-squared-loss.js";
import { RandomStream } from "../../../src/engine/random.js";
import { StepCounter } from "../../../src/engine/recording/step-counter.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import { kernelConstraints } from "../../../src/model/losses/kernel-constraints.js";
import {
  kernelConstraints as constraintsOracle,
  meanSquaredLoss as squaredOracle,
} from "../../oracle/kernelgan-losses.js";
import { ndArray } from "../../oracle/nd-array.js";
import { useEngine } from "../../support/engine.js";
import { expectMatches, randomArray } from "../../support/gradient-check.js";

const gpu = useEngine();

/** A counter at a step other than the first, to see that a schedule is looked up. */
function counterAt(step: number): StepCounter {
  const counter = new StepCounter(gpu.engine);
  counter.reset(0, step);
  return counter;
}

describe("meanSquaredLoss", () => {
  it.each([1, 64, 203])("equals its oracle for %i values", async (count) => {
    const random = new RandomStream(count, 30);
    const counter = counterAt(2);
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(random, [count]), reference: randomArray(random, [count]) },
      record: (tape, { x, reference }) => {
        const weights = tape.constant(Float32Array.of(9, 9, 0.7, 9));
        return [meanSquaredLoss(tape, x, reference, { weights, counter })];
      },
      oracle: ({ x, reference }) => [squaredOracle(x, reference, Math.fround(0.7))],
      wrt: ["x"],
      lossWeight: 1,
    });
  });

  it("refuses another size, a weight of its own, and a gradient that is there already", () => {
    const tape = new Tape(gpu.engine);
    const [x, y] = [tape.tensor([4]), tape.tensor([4])];
    const schedule = { weights: tape.tensor([1]), counter: counterAt(0) };
    expect(() => meanSquaredLoss(tape, x, tape.tensor([5]), schedule)).toThrow(ShapeError);
    const loss = meanSquaredLoss(tape, x, y, schedule);
    expect(() => meanSquaredLoss(tape, x, y, schedule)).toThrow(EngineError);
    expect(() => tape.backward([{ loss, weight: 0.5 }], [x])).toThrow(EngineError);
  });

  it("adds up with what other operations say of its input", async () => {
    const random = new RandomStream(3, 30);
    const counter = counterAt(0);
    const wanted = Float32Array.from(new Array(9).fill(2));
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(random, [9]), reference: randomArray(random, [9]) },
      record: (tape, { x, reference }) => {
        const weights = tape.constant(Float32Array.of(0.5));
        const squared = meanSquaredLoss(tape, x, reference, { weights, counter });
        return [squared, l1Loss(tape, sigmoid(tape, x), tape.constant(wanted))];
      },
      oracle: ({ x, reference }) => [
        squaredOracle(x, reference, 0.5),
        ndArray([1], [x.data.reduce((sum, value) => sum + 2 - 1 / (1 + Math.exp(-value)), 0)]),
      ],
      wrt: ["x"],
      lossWeight: 1,
    });
  });
});

describe("kernelConstraints", () => {
  const OPTIONS = { center: 4.5, power: 0.2 };
  const WEIGHTS = [
    ["the sum", [0.5, 0, 0, 0]],
    ["the boundaries", [0, 0.5, 0, 0]],
    ["the sparsity", [0, 0, 5, 0]],
    ["the center", [0, 0, 0, 1]],
    ["all of them", [0.5, 0.5, 5, 1]],
  ] as const;

  it.each(WEIGHTS)("equals its oracle for %s", async (_name, weights) => {
    const random = new RandomStream(4, 31);
    // On both sides of 0, but so far from it that |k|^0.2 is smooth over the oracle's difference quotient.
    const k = randomArray(random, [1, 1, 11, 11], 0.1);
    k.data.forEach((value, i) => {
      k.data[i] = Math.fround(0.02 + value + Math.sign(0.02 + value) * 0.02);
    });
    const penalty = ndArray(
      [121],
      Array.from({ length: 121 }, (_, i) => (i % 11 < 2 || i < 22 ? Math.fround(random.uniform()) : 0)),
    );
    const counter = counterAt(1);
    await expectMatches(
      gpu.engine,
      {
        inputs: { k },
        record: (tape, tensors) => [
          kernelConstraints(tape, tensors.k, {
            weights: tape.constant(Float32Array.of(7, 7, 7, 7, ...weights)),
            penalty: tape.constant(Float32Array.from(penalty.data)),
            counter,
            ...OPTIONS,
          }),
        ],
        oracle: (arrays) => [constraintsOracle(arrays.k, penalty, weights, OPTIONS)],
        wrt: ["k"],
        lossWeight: 1,
      },
      // The center divides by a sum in which values of both signs cancel.
      2e-5,
    );
  });

  it("has finite gradients where a value is zero", async () => {
    const tape = new Tape(gpu.engine);
    const k = tape.constant(Float32Array.of(0, 0.5, 0, 0.5));
    const weights = tape.constant(Float32Array.of(0.5, 0.5, 5, 1));
    const penalty = tape.constant(new Float32Array(4).fill(1));
    const loss = kernelConstraints(tape, k, {
      weights,
      penalty,
      counter: counterAt(0),
      center: 0.5,
      power: 0.2,
    });
    tape.backward([{ loss, weight: 1 }], [k]);
    (await tape.finish()).run();
    const gradients = await gpu.engine.read(tape.gradient(k));
    expect([...gradients].every(Number.isFinite)).toBe(true);
    // A value of nothing has no side to be pulled from.
    expect(gradients[0]).toBeCloseTo(gradients[2] as number, 6);
  });

  it("refuses a kernel that is not square, and a penalty of another size", () => {
    const tape = new Tape(gpu.engine);
    const more = { weights: tape.tensor([4]), counter: counterAt(0), ...OPTIONS };
    const refused = (kernel: number, penalty: number) => () =>
      kernelConstraints(tape, tape.tensor([kernel]), { ...more, penalty: tape.tensor([penalty]) });
    expect(refused(120, 120)).toThrow(ShapeError);
    expect(refused(121, 120)).toThrow(ShapeError);
  });
});
