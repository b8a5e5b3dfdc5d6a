import { describe, expect, it } from "vitest";
import { sigmoid } from "../../../src/engine/ops/elementwise/sigmoid.js";
import { l1Loss } from "../../../src/engine/ops/losses/l1-loss.js";
import { RandomStream } from "../../../src/engine/random.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import type { Tensor } from "../../../src/engine/tensors/tensor.js";
import { type GanTerm, ganLoss } from "../../../src/model/losses/gan-loss.js";
import { pooledMseLoss } from "../../../src/model/losses/pooled-mse.js";
import { sumToOneLoss } from "../../../src/model/losses/sum-to-one-loss.js";
import {
  ganLoss as ganOracle,
  l1Loss as l1Oracle,
  pooledMseLoss as pooledMseOracle,
  sumToOneLoss as sumToOneOracle,
} from "../../oracle/losses.js";
import { ndArray } from "../../oracle/nd-array.js";
import { sigmoid as sigmoidOracle } from "../../oracle/sigmoid.js";
import { useEngine } from "../../support/engine.js";
import { expectMatches, randomArray, relativeError, upload } from "../../support/gradient-check.js";

const gpu = useEngine();

describe("sigmoid", () => {
  it.each([[[1]], [[3, 67]], [[2, 2, 5, 7]]])("equals its oracle: %j", async (shape) => {
    const random = new RandomStream(shape.length, 10);
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(random, shape, 3) },
      record: (tape, { x }) => [sigmoid(tape, x)],
      oracle: ({ x }) => [sigmoidOracle(x)],
      wrt: ["x"],
    });
  });

  it("stays within 0 and 1 far out", async () => {
    await expectMatches(gpu.engine, {
      inputs: { x: ndArray([4], [-200, 200, -80, 30]) },
      record: (tape, { x }) => [sigmoid(tape, x)],
      oracle: ({ x }) => [sigmoidOracle(x)],
      wrt: [],
    });
  });
});

describe("ganLoss", () => {
  const CASES: { name: string; terms: GanTerm[]; pixels: number }[] = [
    { name: "one real item", terms: [{ target: 1, weight: 1 }], pixels: 100 },
    { name: "one fake item", terms: [{ target: 0, weight: 0.3 }], pixels: 3 },
    {
      name: "a real and a fake item",
      terms: [
        { target: 1, weight: 0.5 },
        { target: 0, weight: 0.5 },
      ],
      pixels: 52,
    },
    {
      name: "a fake and a real item of different weights",
      terms: [
        { target: 0, weight: 0.25 },
        { target: 1, weight: 2 },
      ],
      pixels: 7,
    },
  ];

  // Normal logits of this scale lie on both sides of 0; |p − target| has no kink within (0, 1).
  it.each(CASES)("equals its oracle: $name", async ({ terms, pixels }) => {
    const random = new RandomStream(pixels, 11);
    await expectMatches(gpu.engine, {
      inputs: { logits: randomArray(random, [terms.length, pixels], 2) },
      record: (tape, { logits }) => [ganLoss(tape, logits, terms)],
      oracle: ({ logits }) => [ganOracle(logits, terms)],
      wrt: ["logits"],
      lossWeight: 1,
    });
  });
});

describe("pooledMseLoss", () => {
  it.each([
    [1, 1, 5],
    [2, 3, 676],
    [3, 2, 64],
  ])("equals its oracle for %i items of %i maps of %i pixels", async (items, heads, pixels) => {
    const random = new RandomStream(pixels, 14);
    const inputs = {
      maps: randomArray(random, [items, heads, pixels]),
      targets: randomArray(random, [items, heads]),
      weights: randomArray(random, [heads]),
    };
    const { errors } = pooledMseOracle(inputs.maps, inputs.targets, inputs.weights);
    await expectMatches(gpu.engine, {
      inputs,
      record: (tape, { maps, targets, weights }) => [pooledMseLoss(tape, maps, targets, weights).loss],
      oracle: ({ maps, targets, weights }) => [pooledMseOracle(maps, targets, weights).loss],
      wrt: ["maps"],
      lossWeight: 1,
    });
    const tape = new Tape(gpu.engine);
    const { maps, targets, weights } = inputs;
    const [x, y, w] = [maps, targets, weights].map((array) => upload(gpu.engine, array));
    const made = pooledMseLoss(tape, x as Tensor, y as Tensor, w as Tensor).errors;
    const program = await tape.finish();
    program.run();
    expect(relativeError(await gpu.engine.read(made), errors.data)).toBeLessThan(5e-6);
    program.dispose();
  });
});

describe("sumToOneLoss", () => {
  it.each([
    { sum: 0.2, weight: 0.5 },
    { sum: 1.7, weight: 0.5 },
    { sum: -3, weight: 2 },
  ])("equals its oracle for a sum of $sum", async ({ sum, weight }) => {
    const random = new RandomStream(0, 12);
    const { data } = randomArray(random, [1, 1, 11, 11]);
    const now = data.reduce((total, value) => total + value, 0);
    const k = ndArray(
      [1, 1, 11, 11],
      data.map((value) => Math.fround(value + (sum - now) / data.length)),
    );
    // Summing loses digits where the values nearly cancel.
    const tolerance = 2e-5;
    await expectMatches(
      gpu.engine,
      {
        inputs: { k },
        record: (tape, tensors) => [sumToOneLoss(tape, tensors.k)],
        oracle: (arrays) => [sumToOneOracle(arrays.k)],
        wrt: ["k"],
        lossWeight: weight,
      },
      tolerance,
    );
  });
});

describe("l1Loss", () => {
  it.each([1, 64, 203])("equals its oracle for %i values", async (count) => {
    const random = new RandomStream(count, 13);
    const reference = randomArray(random, [count]);
    const x = ndArray(
      [count],
      reference.data.map((value) =>
        Math.fround(value + (random.uniform() < 0.5 ? -1 : 1) * (0.1 + random.uniform())),
      ),
    );
    await expectMatches(gpu.engine, {
      inputs: { x, reference },
      record: (tape, tensors) => [l1Loss(tape, tensors.x, tensors.reference)],
      oracle: (arrays) => [l1Oracle(arrays.x, arrays.reference)],
      wrt: ["x"],
      lossWeight: 0.7,
    });
  });
});
