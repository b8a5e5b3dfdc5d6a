import { describe, expect, it } from "vitest";
import { ShapeError } from "../../../../src/engine/errors.js";
import { downsample2x2, upsample2x2 } from "../../../../src/engine/ops/convolution/conv2x2.js";
import { RandomStream } from "../../../../src/engine/random.js";
import { Tape } from "../../../../src/engine/recording/tape.js";
import { conv2d } from "../../../oracle/conv2d.js";
import { upsample2x2 as upsampleOracle } from "../../../oracle/conv2x2.js";
import { useEngine } from "../../../support/engine.js";
import { expectMatches, randomArray } from "../../../support/gradient-check.js";
import { useProductVariants } from "../../../support/product-variants.js";

const gpu = useEngine();

const variants = useProductVariants(gpu);

// Channels below and past what one invocation makes, and a small image of a single pixel.
const CASES = [
  { batch: 1, small: 1, large: 1, height: 1, width: 1 },
  { batch: 2, small: 3, large: 2, height: 2, width: 3 },
  { batch: 1, small: 10, large: 6, height: 3, width: 1 },
];

describe("2×2 convolutions with stride 2", () => {
  it.each(CASES)("downsample equals its oracle: $small × $large channels", async (shape) => {
    const { batch, small, large, height, width } = shape;
    const random = new RandomStream(small, 8);
    await expectMatches(variants, {
      inputs: {
        x: randomArray(random, [batch, large, 2 * height, 2 * width]),
        w: randomArray(random, [small, large, 2, 2]),
      },
      record: (tape, { x, w }) => [downsample2x2(tape, x, w)],
      oracle: ({ x, w }) => [conv2d(x, w, { stride: 2 })],
      wrt: ["x", "w"],
    });
  });

  it.each(CASES)("upsample equals its oracle: $small × $large channels", async (shape) => {
    const { batch, small, large, height, width } = shape;
    const random = new RandomStream(small, 9);
    await expectMatches(variants, {
      inputs: {
        x: randomArray(random, [batch, small, height, width]),
        w: randomArray(random, [small, large, 2, 2]),
      },
      record: (tape, { x, w }) => [upsample2x2(tape, x, w)],
      oracle: ({ x, w }) => [upsampleOracle(x, w)],
      wrt: ["x", "w"],
    });
  });

  it("add to gradients that are there already", async () => {
    const random = new RandomStream(2, 10);
    await expectMatches(variants, {
      inputs: { x: randomArray(random, [1, 2, 2, 2]), w: randomArray(random, [2, 2, 2, 2]) },
      record: (tape, { x, w }) => [
        upsample2x2(tape, downsample2x2(tape, x, w), w),
        downsample2x2(tape, x, w),
      ],
      oracle: ({ x, w }) => {
        const down = conv2d(x, w, { stride: 2 });
        return [upsampleOracle(down, w), down];
      },
      wrt: ["x", "w"],
    });
  });

  it("refuse shapes that do not fit, and odd sides", () => {
    const tape = new Tape(gpu.engine);
    const w = tape.tensor([2, 2, 2, 2]);
    expect(() => downsample2x2(tape, tape.tensor([1, 2, 4, 3]), w)).toThrow(/even sides/);
    expect(() => downsample2x2(tape, tape.tensor([1, 3, 4, 4]), w)).toThrow(ShapeError);
    expect(() => upsample2x2(tape, tape.tensor([1, 3, 4, 4]), w)).toThrow(ShapeError);
    expect(() => upsample2x2(tape, tape.tensor([1, 2, 4, 4]), w, tape.tensor([1, 2, 4, 4]))).toThrow(
      ShapeError,
    );
  });
});
