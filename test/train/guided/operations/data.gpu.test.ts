import { describe, expect, it } from "vitest";
import { ShapeError } from "../../../../src/engine/errors.js";
import { inverseRealFft2d, realFft2d } from "../../../../src/engine/ops/fft/fft.js";
import { RandomStream } from "../../../../src/engine/random.js";
import { Tape } from "../../../../src/engine/recording/tape.js";
import { knownRest } from "../../../../src/train/guided/operations/known-rest.js";
import { foldSpectrum, spreadSpectrum } from "../../../../src/train/guided/operations/sampled-blur.js";
import { trustData } from "../../../../src/train/guided/operations/trust-data.js";
import * as oracle from "../../../oracle/guided-training.js";
import { useEngine } from "../../../support/engine.js";
import { expectMatches, randomArray } from "../../../support/gradient-check.js";

const gpu = useEngine();

/** Even and odd sides, so that halves of spectra end in every way. */
const SIZES = [
  { batch: 2, channels: 3, height: 2, width: 3, scale: 2 },
  { batch: 1, channels: 2, height: 3, width: 4, scale: 2 },
  { batch: 1, channels: 1, height: 3, width: 3, scale: 3 },
  { batch: 1, channels: 1, height: 1, width: 4, scale: 3 },
  { batch: 1, channels: 2, height: 2, width: 1, scale: 4 },
];

describe("foldSpectrum", () => {
  it.each(SIZES)("blurs and samples: $batch of $height×$width, ×$scale", async (size) => {
    const { batch, channels, height, width, scale } = size;
    const random = new RandomStream(height, 45);
    const [H, W] = [scale * height, scale * width];
    await expectMatches(gpu.engine, {
      inputs: {
        x: randomArray(random, [batch * channels, H, W]),
        kernels: randomArray(random, [batch, H, W]),
      },
      record: (tape, { x, kernels }) => {
        const blur = { blur: realFft2d(tape, kernels), scale, size: [height, width] as const };
        const spectrum = realFft2d(tape, x);
        // Twice, so that the second gradient is added to the first.
        return [0, 1].map(() => inverseRealFft2d(tape, foldSpectrum(tape, spectrum, blur), width));
      },
      oracle: ({ x, kernels }) => [0, 1].map(() => oracle.sampledBlur(x, kernels, scale)),
      wrt: ["x"],
    });
  });

  it("refuses spectra of other images", () => {
    const tape = new Tape(gpu.engine);
    const blur = { blur: tape.tensor([1, 4, 4, 2]), scale: 2, size: [2, 3] as const };
    expect(() => foldSpectrum(tape, tape.tensor([3, 4, 3, 2]), blur)).toThrow(ShapeError);
    expect(() => spreadSpectrum(tape, tape.tensor([3, 4, 4, 2]), blur)).toThrow(ShapeError);
  });
});

describe("spreadSpectrum", () => {
  it.each(SIZES)("is its transpose: $batch of $height×$width, ×$scale", async (size) => {
    const { batch, channels, height, width, scale } = size;
    const random = new RandomStream(width, 46);
    const [H, W] = [scale * height, scale * width];
    await expectMatches(gpu.engine, {
      inputs: {
        x: randomArray(random, [batch * channels, height, width]),
        kernels: randomArray(random, [batch, H, W]),
      },
      record: (tape, { x, kernels }) => {
        const blur = { blur: realFft2d(tape, kernels), scale, size: [height, width] as const };
        const spectrum = realFft2d(tape, x);
        return [0, 1].map(() => inverseRealFft2d(tape, spreadSpectrum(tape, spectrum, blur), W));
      },
      oracle: ({ x, kernels }) => [0, 1].map(() => oracle.spreadBlur(x, kernels, scale)),
      wrt: ["x"],
    });
  });
});

describe("trustData", () => {
  it("equals its oracle", async () => {
    const random = new RandomStream(1, 47);
    const positive = (shape: readonly number[]) => {
      const array = randomArray(random, shape);
      array.data.forEach((value, i) => {
        array.data[i] = Math.abs(value) + 0.25;
      });
      return array;
    };
    await expectMatches(gpu.engine, {
      inputs: {
        x: randomArray(random, [6, 3, 2, 2]),
        power: positive([2, 3, 2, 2]),
        base: positive([2]),
        trust: randomArray(random, [2, 1]),
      },
      // Twice, so that the second gradient is added to the first.
      record: (tape, { x, ...others }) => [0, 1].map(() => trustData(tape, x, others)),
      oracle: ({ x, power, base, trust }) => [0, 1].map(() => oracle.trustData(x, power, base, trust)),
      wrt: ["x", "trust"],
    });
  });

  it("refuses powers of other images", () => {
    const tape = new Tape(gpu.engine);
    const others = { power: tape.tensor([2, 3, 3, 2]), base: tape.tensor([2]), trust: tape.tensor([2]) };
    expect(() => trustData(tape, tape.tensor([6, 3, 2, 2]), others)).toThrow(ShapeError);
  });
});

describe("knownRest", () => {
  it.each([0, 1, 2])("equals its oracle with a rim of %d", async (rim) => {
    const random = new RandomStream(rim, 48);
    await expectMatches(gpu.engine, {
      inputs: { known: randomArray(random, [2, 5, 4]), x: randomArray(random, [2, 5, 4]) },
      // Twice, so that the second gradient is added to the first.
      record: (tape, { known, x }) => [0, 1].map(() => knownRest(tape, known, x, rim)),
      oracle: ({ known, x }) => [0, 1].map(() => oracle.knownRest(known, x, rim)),
      wrt: ["x"],
    });
  });

  it("refuses images of another size", () => {
    const tape = new Tape(gpu.engine);
    expect(() => knownRest(tape, tape.tensor([2, 5, 4]), tape.tensor([2, 4, 4]), 1)).toThrow(ShapeError);
  });
});
