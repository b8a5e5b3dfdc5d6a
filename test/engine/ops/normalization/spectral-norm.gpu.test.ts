import { describe, expect, it } from "vitest";
import { sigmoid } from "../../../../src/engine/ops/elementwise/sigmoid.js";
import { spectralNorm } from "../../../../src/engine/ops/normalization/spectral-norm.js";
import { Parameters } from "../../../../src/engine/optimizers/parameters.js";
import { RandomStream } from "../../../../src/engine/random.js";
import { Tape } from "../../../../src/engine/recording/tape.js";
import type { Tensor } from "../../../../src/engine/tensors/tensor.js";
import type { NdArray } from "../../../oracle/nd-array.js";
import { sigmoid as sigmoidOracle } from "../../../oracle/sigmoid.js";
import { spectralNorm as oracle, powerIterations } from "../../../oracle/spectral-norm.js";
import { useEngine } from "../../../support/engine.js";
import { expectMatches, randomArray, relativeError } from "../../../support/gradient-check.js";

const gpu = useEngine();

const SHAPES = [
  [4, 3, 3, 3],
  [6, 5],
  [1, 8],
  [3, 2, 1, 1],
];

function draw(seed: number, count: number): Record<string, NdArray> {
  const random = new RandomStream(seed, 4);
  return Object.fromEntries(
    SHAPES.slice(0, count).flatMap((shape, i) => {
      const rows = shape[0] as number;
      const columns = shape.reduce((product, length) => product * length, 1) / rows;
      return [
        [`w${i}`, randomArray(random, shape)],
        [`u${i}`, randomArray(random, [rows])],
        [`v${i}`, randomArray(random, [columns])],
      ];
    }),
  );
}

function pick<T>(from: Record<string, T>, count: number): { weight: T; u: T; v: T }[] {
  return Array.from({ length: count }, (_, i) => ({
    weight: from[`w${i}`] as T,
    u: from[`u${i}`] as T,
    v: from[`v${i}`] as T,
  }));
}

describe("spectralNorm", () => {
  it.each([
    { calls: 1, count: 1 },
    { calls: 2, count: 2 },
    { calls: 3, count: 4 },
  ])("equals its oracle: $calls calls, $count weights", async ({ calls, count }) => {
    const inputs = draw(calls, count);
    const vectors = pick(inputs, count).map(({ weight, u }) => powerIterations(weight, u.data, calls));
    const names = Object.keys(inputs);
    const weights = names.filter((name) => name.startsWith("w"));
    await expectMatches(gpu.engine, {
      inputs,
      together: [weights, names.filter((name) => !name.startsWith("w"))],
      record: (tape, tensors) => spectralNorm(tape, pick<Tensor>(tensors, count), calls),
      oracle: (arrays) =>
        pick(arrays, count).map(({ weight, u }) => oracle(weight, powerIterations(weight, u.data, calls))),
      // In the gradient the vectors are constants.
      differentiable: (arrays) =>
        pick(arrays, count).map(({ weight }, i) => oracle(weight, vectors[i] ?? [])),
      wrt: weights,
      // Each run moves the vectors on.
      runs: 1,
    });
  });

  it("adds its gradients to those that the weights have from elsewhere", async () => {
    const inputs = draw(5, 1);
    const { weight, u } = pick(inputs, 1)[0] as { weight: NdArray; u: NdArray };
    const vectors = powerIterations(weight, u.data, 2);
    await expectMatches(gpu.engine, {
      inputs,
      together: [["w0"], ["u0", "v0"]],
      record: (tape, tensors) => [
        ...spectralNorm(tape, pick<Tensor>(tensors, 1), 2),
        sigmoid(tape, tensors.w0 as Tensor),
      ],
      oracle: ({ w0 = weight }) => [oracle(w0, vectors), sigmoidOracle(w0)],
      wrt: ["w0"],
      runs: 1,
    });
  });

  it("moves the vectors on from call to call and from run to run, and leaves transposes", async () => {
    const { engine } = gpu;
    const inputs = draw(9, 2);
    const parameters = (kind: RegExp): Parameters => {
      const names = Object.keys(inputs).filter((name) => kind.test(name));
      const made = new Parameters(
        engine,
        names.map((name) => ({ name, shape: inputs[name]?.shape ?? [] })),
        "test",
      );
      made.write(new Map(names.map((name) => [name, Float32Array.from(inputs[name]?.data ?? [])])));
      return made;
    };
    const weights = parameters(/w/);
    const vectors = parameters(/[uv]/);
    const tape = new Tape(engine);
    const outputs = spectralNorm(
      tape,
      [0, 1].map((i) => ({
        weight: weights.get(`w${i}`),
        u: vectors.get(`u${i}`),
        v: vectors.get(`v${i}`),
      })),
      2,
    );
    const program = await tape.finish();
    program.run(2);
    const read = await vectors.read();
    for (const [i, { weight, u }] of pick(inputs, 2).entries()) {
      const expected = powerIterations(weight, u.data, 4)[3];
      expect(relativeError(read.get(`u${i}`) ?? [], expected?.u ?? [])).toBeLessThan(1e-5);
      expect(relativeError(read.get(`v${i}`) ?? [], expected?.v ?? [])).toBeLessThan(1e-5);
    }
    for (const output of outputs) {
      const [calls = 0, rows = 0, pitch = 0] = output.shape;
      const twin = tape.transposed(output) as Tensor;
      expect(twin.shape).toEqual([calls, pitch, rows]);
      const [straight, turned] = [await engine.read(output), await engine.read(twin)];
      const back = straight.map((_, i) => {
        const [n, r, c] = [Math.floor(i / (rows * pitch)), Math.floor(i / pitch) % rows, i % pitch];
        return turned[(n * pitch + c) * rows + r] as number;
      });
      expect(back).toEqual(straight);
    }
    program.dispose();
    engine.free(weights.whole);
    engine.free(vectors.whole);
  });
});
