import { describe, expect, it } from "vitest";
import { ShapeError } from "../../../../src/engine/errors.js";
import { RandomStream } from "../../../../src/engine/random.js";
import { Tape } from "../../../../src/engine/recording/tape.js";
import { linear } from "../../../../src/train/guided/operations/linear.js";
import { picturePlanes, pixelShuffle } from "../../../../src/train/guided/operations/pixel-shuffle.js";
import { scalePlanes } from "../../../../src/train/guided/operations/scale-planes.js";
import { splitColumns } from "../../../../src/train/guided/operations/split-columns.js";
import { guidedPlanes } from "../../../oracle/guided.js";
import * as oracle from "../../../oracle/guided-training.js";
import type { NdArray } from "../../../oracle/nd-array.js";
import { useEngine } from "../../../support/engine.js";
import { expectMatches, randomArray } from "../../../support/gradient-check.js";

const gpu = useEngine();

/** Moves values away from a ReLU's kink, which central differences would straddle. */
function awayFromKink(x: NdArray, valueAt: (i: number) => number): void {
  x.data.forEach((value, i) => {
    if (Math.abs(valueAt(i)) < 0.01) x.data[i] = value + 0.0625;
  });
}

describe("linear", () => {
  it.each([
    [1, 3, 5, false],
    [2, 13, 64, true],
    [3, 64, 7, false],
  ] as const)("equals its oracle: %d inputs of %d to %d, relu %s", async (N, I, O, relu) => {
    const random = new RandomStream(N, 40);
    const arrays = {
      x: randomArray(random, [N, I]),
      weight: randomArray(random, [O, I]),
      bias: randomArray(random, [O]),
    };
    const sums = oracle.linear(arrays.x, arrays.weight, arrays.bias, false).data;
    awayFromKink(arrays.bias, (o) => Math.min(...sums.filter((_, i) => i % O === o).map(Math.abs)));
    await expectMatches(gpu.engine, {
      inputs: arrays,
      record: (tape, { x, weight, bias }) => [linear(tape, x, { weight, bias }, { relu })],
      oracle: ({ x, weight, bias }) => [oracle.linear(x, weight, bias, relu)],
      wrt: ["x", "weight", "bias"],
    });
  });

  it("adds to the gradients of weights that are used twice, as parts of one buffer", async () => {
    const random = new RandomStream(5, 40);
    await expectMatches(gpu.engine, {
      inputs: {
        x: randomArray(random, [2, 3]),
        weight: randomArray(random, [3, 3]),
        bias: randomArray(random, [3]),
      },
      together: [["weight", "bias"]],
      record: (tape, { x, weight, bias }) => [
        linear(tape, linear(tape, x, { weight, bias }), { weight, bias }),
        linear(tape, x, { weight, bias }),
      ],
      oracle: ({ x, weight, bias }) => {
        const y = oracle.linear(x, weight, bias, false);
        return [oracle.linear(y, weight, bias, false), y];
      },
      wrt: ["x", "weight", "bias"],
    });
  });

  it("refuses weights of another width", () => {
    const tape = new Tape(gpu.engine);
    const layer = { weight: tape.tensor([4, 3]), bias: tape.tensor([4]) };
    expect(() => linear(tape, tape.tensor([2, 4]), layer)).toThrow(ShapeError);
  });
});

describe("splitColumns", () => {
  it("equals its oracle", async () => {
    const x = randomArray(new RandomStream(1, 41), [3, 8]);
    await expectMatches(gpu.engine, {
      inputs: { x },
      record: (tape, tensors) => splitColumns(tape, tensors.x, [5, 1, 2]),
      oracle: (arrays) => [
        oracle.columns(arrays.x, 0, 5),
        oracle.columns(arrays.x, 5, 1),
        oracle.columns(arrays.x, 6, 2),
      ],
      wrt: ["x"],
    });
  });

  it("refuses widths that leave a column", () => {
    const tape = new Tape(gpu.engine);
    expect(() => splitColumns(tape, tape.tensor([3, 8]), [5, 2])).toThrow(ShapeError);
  });
});

describe("scalePlanes", () => {
  const CASES = [
    { offset: 1, planes: 3, pixels: 70, shifted: true, relu: true, added: false },
    { offset: 0, planes: 2, pixels: 5, shifted: false, relu: false, added: true },
    { offset: 1, planes: 5, pixels: 9, shifted: false, relu: false, added: false },
  ];
  it.each(CASES)("equals its oracle: %o", async ({ offset, planes, pixels, shifted, relu, added }) => {
    const random = new RandomStream(pixels, 42);
    const arrays = {
      x: randomArray(random, [planes, pixels]),
      factors: randomArray(random, [planes]),
      shifts: randomArray(random, [planes]),
      residual: randomArray(random, [planes, pixels]),
    };
    const optional = <T>({ shifts, residual }: Record<"shifts" | "residual", T>) => ({
      ...(shifted ? { shifts } : {}),
      ...(added ? { residual } : {}),
    });
    const values = (x: NdArray): NdArray => oracle.scalePlanes(x, arrays.factors, offset, optional(arrays));
    const { data } = values(arrays.x);
    awayFromKink(arrays.x, (i) => data[i] as number);
    await expectMatches(gpu.engine, {
      inputs: arrays,
      record: (tape, { x, factors, ...others }) => [
        scalePlanes(tape, x, { factors, offset, relu, ...optional(others) }),
      ],
      oracle: ({ x, factors, ...others }) => [
        oracle.scalePlanes(x, factors, offset, { relu, ...optional(others) }),
      ],
      wrt: [
        "x",
        "factors",
        ...(shifted ? (["shifts"] as const) : []),
        ...(added ? (["residual"] as const) : []),
      ],
    });
  });

  it("adds to gradients that are there", async () => {
    const random = new RandomStream(7, 42);
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(random, [2, 6]), factors: randomArray(random, [2]) },
      record: (tape, { x, factors }) => {
        const y = scalePlanes(tape, x, { factors, offset: 0 });
        return [scalePlanes(tape, y, { factors, offset: 1, residual: x })];
      },
      oracle: ({ x, factors }) => {
        const y = oracle.scalePlanes(x, factors, 0, {});
        return [oracle.scalePlanes(y, factors, 1, { residual: x })];
      },
      wrt: ["x", "factors"],
    });
  });

  it("refuses a residual of another size, and one with a ReLU", () => {
    const tape = new Tape(gpu.engine);
    const [x, factors] = [tape.tensor([2, 6]), tape.tensor([2])];
    const scale = (options: object) => scalePlanes(tape, x, { factors, offset: 0, ...options });
    expect(() => scale({ residual: tape.tensor([2, 5]) })).toThrow(ShapeError);
    expect(() => scale({ residual: tape.tensor([2, 6]), relu: true })).toThrow(ShapeError);
    expect(() => scale({ shifts: tape.tensor([3]) })).toThrow(ShapeError);
  });
});

describe("pixelShuffle", () => {
  it.each([
    { batch: 2, height: 3, width: 2, scale: 2 },
    { batch: 1, height: 2, width: 5, scale: 4 },
  ])("equals its oracle: $batch of $height×$width, ×$scale", async ({ batch, height, width, scale }) => {
    const x = randomArray(new RandomStream(scale, 43), [batch, 3 * scale ** 2, height, width]);
    await expectMatches(gpu.engine, {
      inputs: { x },
      record: (tape, tensors) => [pixelShuffle(tape, tensors.x, scale), pixelShuffle(tape, tensors.x, scale)],
      oracle: (arrays) => [oracle.pixelShuffle(arrays.x, scale), oracle.pixelShuffle(arrays.x, scale)],
      wrt: ["x"],
    });
  });

  it("refuses planes of another scale", () => {
    const tape = new Tape(gpu.engine);
    expect(() => pixelShuffle(tape, tape.tensor([1, 3, 4, 4]), 2)).toThrow(ShapeError);
  });
});

describe("picturePlanes", () => {
  it.each([2, 4])("equals its oracle at ×%d", async (scale) => {
    const random = new RandomStream(scale, 44);
    const arrays = {
      small: randomArray(random, [2, 3, 2, 3]),
      picture: randomArray(random, [2, 3, 2 * scale, 3 * scale]),
    };
    await expectMatches(gpu.engine, {
      inputs: arrays,
      // Twice, so that the second gradient is added to the first.
      record: (tape, { small, picture }) => [0, 1].map(() => picturePlanes(tape, small, picture, scale)),
      oracle: ({ small, picture }) => [0, 1].map(() => guidedPlanes(small, [picture], scale)),
      wrt: ["picture"],
    });
  });
});
