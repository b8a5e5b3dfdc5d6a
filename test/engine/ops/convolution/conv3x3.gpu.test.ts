import { describe, expect, it } from "vitest";
import { ShapeError } from "../../../../src/engine/errors.js";
import { conv3x3, packConv3x3 } from "../../../../src/engine/ops/convolution/conv3x3.js";
import { RandomStream } from "../../../../src/engine/random.js";
import { Tape } from "../../../../src/engine/recording/tape.js";
import { conv2d } from "../../../oracle/conv2d.js";
import { type NdArray, ndArray } from "../../../oracle/nd-array.js";
import { useEngine } from "../../../support/engine.js";
import { expectMatches, randomArray, relativeError, upload } from "../../../support/gradient-check.js";
import { useProductVariants } from "../../../support/product-variants.js";

const gpu = useEngine();

const variants = useProductVariants(gpu);

const oracle = (x: NdArray, w: NdArray): NdArray => conv2d(x, w, { padding: 1 });

const rectified = ({ shape, data }: NdArray): NdArray =>
  ndArray(
    shape,
    data.map((value) => Math.max(value, 0)),
  );

describe("conv3x3", () => {
  // Rows that are no multiple of the four of a tile, a single row or column, channels below and past a group
  // of 16.
  it.each([
    { image: [1, 1, 1, 1], outputs: 1 },
    { image: [2, 2, 4, 5], outputs: 3 },
    { image: [1, 3, 7, 6], outputs: 5 },
    { image: [2, 1, 9, 1], outputs: 4 },
    { image: [1, 5, 1, 7], outputs: 18 },
  ])("equals its oracle over $image to $outputs channels", async ({ image, outputs }) => {
    const random = new RandomStream(image[2] as number, outputs);
    await expectMatches(variants, {
      inputs: { x: randomArray(random, image), w: randomArray(random, [outputs, image[1] as number, 3, 3]) },
      record: (tape, { x, w }) => [conv3x3(tape, x, w)],
      oracle: ({ x, w }) => [oracle(x, w)],
      wrt: ["x", "w"],
    });
  });

  it("takes a ReLU, and a residual, into the same dispatch, with their gradients", async () => {
    const random = new RandomStream(3, 3);
    const inputs = { x: randomArray(random, [2, 2, 5, 4]), w: randomArray(random, [2, 2, 3, 3]) };
    await expectMatches(variants, {
      inputs,
      record: (tape, { x, w }) => [conv3x3(tape, x, w, { relu: true })],
      oracle: ({ x, w }) => [rectified(oracle(x, w))],
      wrt: ["x", "w"],
    });
    await expectMatches(variants, {
      inputs,
      // The residual is the image itself, so that two gradients add up.
      record: (tape, { x, w }) => [conv3x3(tape, x, w, { residual: x })],
      oracle: ({ x, w }) => {
        const y = oracle(x, w);
        return [
          ndArray(
            y.shape,
            y.data.map((value, i) => value + (x.data[i] as number)),
          ),
        ];
      },
      wrt: ["x", "w"],
    });
  });

  it("equals its oracle over an image of many workgroups, with weights packed by another program", async () => {
    const random = new RandomStream(5, 5);
    const image = randomArray(random, [1, 16, 50, 67]);
    const weights = randomArray(random, [16, 16, 3, 3], 0.1);
    const { engine } = gpu;
    const [x, w] = [upload(engine, image), upload(engine, weights)];
    const packing = new Tape(engine);
    const packed = packConv3x3(packing, w);
    const first = await packing.finish();
    first.run();
    const tape = new Tape(engine);
    const y = conv3x3(tape, x, w, { packed });
    const program = await tape.finish();
    program.run();
    expect(relativeError(await engine.read(y), oracle(image, weights).data)).toBeLessThan(1e-6);
    for (const each of [first, program]) each.dispose();
    for (const each of [x, w]) engine.free(each);
  });

  it("refuses shapes that do not fit, and a ReLU together with a residual", () => {
    const tape = new Tape(gpu.engine);
    const x = tape.tensor([1, 2, 4, 4]);
    const w = tape.tensor([2, 2, 3, 3]);
    expect(() => conv3x3(tape, x, tape.tensor([2, 3, 3, 3]))).toThrow(ShapeError);
    expect(() => conv3x3(tape, x, tape.tensor([2, 2, 5, 5]))).toThrow(ShapeError);
    expect(() => conv3x3(tape, x, w, { relu: true, residual: x })).toThrow(ShapeError);
    expect(() => conv3x3(tape, x, w, { out: tape.tensor([1, 2, 4, 3]) })).toThrow(ShapeError);
  });
});
