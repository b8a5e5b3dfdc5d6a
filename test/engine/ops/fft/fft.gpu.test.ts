import { describe, expect, it } from "vitest";
import { ShapeError } from "../../../../src/engine/errors.js";
import { inverseRealFft2d, realFft2d } from "../../../../src/engine/ops/fft/fft.js";
import { RandomStream } from "../../../../src/engine/random.js";
import { Tape } from "../../../../src/engine/recording/tape.js";
import { inverseRealFft2d as inverseOracle, realFft2d as oracle } from "../../../oracle/fft.js";
import { useEngine } from "../../../support/engine.js";
import { expectMatches, randomArray, upload } from "../../../support/gradient-check.js";
import { expectAccurate, lengths } from "./fft-errors.js";

const gpu = useEngine();

describe("Fourier transform", () => {
  // Each radix alone and in several passes; 97 and 1021 have a prime factor that is no radix.
  it.each([1, 2, 3, 4, 5, 7, 8, 9, 11, 13, 16, 25, 30, 49, 64, 77, 97, 120, 1021, 2040, 2048])(
    "of length %i, there and back",
    async (n) => {
      await expectAccurate(gpu.engine, lengths(n, n));
    },
  );

  it("of several images, whose rows are odd in number", async () => {
    await expectAccurate(gpu.engine, [
      [3, 5, 12],
      [3, 31, 33],
      [5, 1, 7],
    ]);
  });
});

describe("realFft2d", () => {
  it.each([
    { shape: [1, 1, 1] },
    { shape: [3, 1, 8] },
    { shape: [1, 8, 1] },
    { shape: [2, 6, 7] },
    { shape: [1, 5, 16] },
    { shape: [3, 3, 11] },
    { shape: [1, 2, 17] },
    { shape: [1, 19, 4] },
  ])("has the gradient of its oracle: $shape", async ({ shape }) => {
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(new RandomStream(2, 20), shape) },
      record: (tape, { x }) => [realFft2d(tape, x)],
      oracle: ({ x }) => [oracle(x)],
      wrt: ["x"],
    });
  });

  it("adds its gradient to that of another use", async () => {
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(new RandomStream(3, 20), [2, 5, 6]) },
      record: (tape, { x }) => [realFft2d(tape, x), realFft2d(tape, x)],
      oracle: ({ x }) => [oracle(x), oracle(x)],
      wrt: ["x"],
    });
  });

  it("needs no more work tensors the second time on one tape", async () => {
    const { engine } = gpu;
    const x = upload(engine, randomArray(new RandomStream(6, 20), [2, 21, 34]));
    const tape = new Tape(engine);
    const before = engine.memory.bytes;
    const first = realFft2d(tape, x);
    const between = engine.memory.bytes;
    const second = realFft2d(tape, x);
    expect(engine.memory.bytes - between).toBe(second.buffer.size);
    expect(between - before).toBeGreaterThan(first.buffer.size);
    const program = await tape.finish();
    program.run();
    expect(await engine.read(second)).toEqual(await engine.read(first));
    program.dispose();
    engine.free(x);
    expect(engine.memory.bytes - before).toBe(-x.buffer.size);
  });

  it.each([{ shape: [4, 4] }, { shape: [1, 2, 4, 4] }, { shape: [1, 0, 4] }, { shape: [1, 65536, 1] }])(
    "refuses $shape",
    ({ shape }) => {
      const x = gpu.engine.tensor(shape);
      expect(() => realFft2d(new Tape(gpu.engine), x)).toThrow(ShapeError);
      gpu.engine.free(x);
    },
  );
});

describe("inverseRealFft2d", () => {
  it.each([
    { images: 1, height: 1, width: 1 },
    { images: 3, height: 1, width: 8 },
    { images: 1, height: 8, width: 1 },
    { images: 1, height: 5, width: 2 },
    { images: 2, height: 6, width: 7 },
    { images: 1, height: 5, width: 16 },
    { images: 3, height: 3, width: 13 },
    { images: 1, height: 2, width: 17 },
    { images: 1, height: 19, width: 4 },
  ])(
    "of any half spectrum, and its gradient, equal the oracle: $images × $height × $width",
    async ({ images, height, width }) => {
      const shape = [images, height, Math.floor(width / 2) + 1, 2];
      await expectMatches(gpu.engine, {
        inputs: { spectrum: randomArray(new RandomStream(4, 20), shape) },
        record: (tape, { spectrum }) => [inverseRealFft2d(tape, spectrum, width)],
        oracle: ({ spectrum }) => [inverseOracle(spectrum, width)],
        wrt: ["spectrum"],
      });
    },
  );

  it("adds its gradient to that of another use", async () => {
    await expectMatches(gpu.engine, {
      inputs: { spectrum: randomArray(new RandomStream(5, 20), [2, 5, 4, 2]) },
      record: (tape, { spectrum }) => [
        inverseRealFft2d(tape, spectrum, 6),
        inverseRealFft2d(tape, spectrum, 7),
      ],
      oracle: ({ spectrum }) => [inverseOracle(spectrum, 6), inverseOracle(spectrum, 7)],
      wrt: ["spectrum"],
    });
  });

  it.each([
    { shape: [4, 4, 2], width: 6 },
    { shape: [1, 4, 4, 1], width: 6 },
    { shape: [1, 4, 4, 2], width: 8 },
    { shape: [1, 4, 4, 2], width: 6.5 },
    { shape: [1, 4, 1, 2], width: 0 },
    { shape: [0, 4, 4, 2], width: 6 },
  ])("refuses $shape as images of width $width", ({ shape, width }) => {
    const spectrum = gpu.engine.tensor(shape);
    expect(() => inverseRealFft2d(new Tape(gpu.engine), spectrum, width)).toThrow(ShapeError);
    gpu.engine.free(spectrum);
  });
});
