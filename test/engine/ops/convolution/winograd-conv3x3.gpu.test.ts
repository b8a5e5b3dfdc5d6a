import { describe, expect, it } from "vitest";
import { ShapeError } from "../../../../src/engine/errors.js";
import { winogradConv3x3 } from "../../../../src/engine/ops/convolution/winograd-conv3x3.js";
import { RandomStream } from "../../../../src/engine/random.js";
import { elementwiseVec4 } from "../../../../src/engine/recording/launch.js";
import { Tape } from "../../../../src/engine/recording/tape.js";
import type { Tensor } from "../../../../src/engine/tensors/tensor.js";
import accumulateShader from "../../../../src/shaders/elementwise/accumulate_gradient.wgsl";
import { conv2d } from "../../../oracle/conv2d.js";
import { type NdArray, ndArray } from "../../../oracle/nd-array.js";
import { useEngine } from "../../../support/engine.js";
import { expectMatches, randomArray } from "../../../support/gradient-check.js";
import { useProductVariants } from "../../../support/product-variants.js";

const gpu = useEngine();

const variants = useProductVariants(gpu);

const mapped = ({ shape, data }: NdArray, f: (value: number, i: number) => number): NdArray =>
  ndArray(shape, data.map(f));

/** x ⋆ w + b. */
function oracle(x: NdArray, w: NdArray, bias: NdArray): NdArray {
  const y = conv2d(x, w, { padding: 1 });
  const [, O = 1, H = 1, W = 1] = y.shape;
  return mapped(y, (value, i) => value + (bias.data[Math.floor(i / (H * W)) % O] as number));
}

describe("winogradConv3x3", () => {
  // Sides that are no multiple of a tile's, a single pixel, row or column, channels that are no multiple of four, tiles of several
  // images in one part, and several parts of an image.
  it.each([
    { image: [1, 1, 1, 1], outputs: 1 },
    { image: [2, 2, 4, 5], outputs: 3 },
    { image: [1, 3, 7, 6], outputs: 5 },
    { image: [2, 1, 9, 1], outputs: 4 },
    { image: [1, 5, 1, 7], outputs: 18 },
    { image: [1, 64, 66, 63], outputs: 64 },
  ])("equals its oracle over $image to $outputs channels", async ({ image, outputs }) => {
    const random = new RandomStream(image[2] as number, outputs);
    const channels = image[1] as number;
    const shape = [image[0] as number, outputs, ...image.slice(2)];
    await expectMatches(variants, {
      inputs: {
        x: randomArray(random, image),
        w: randomArray(random, [outputs, channels, 3, 3]),
        bias: randomArray(random, [outputs]),
        residual: randomArray(random, shape),
      },
      record: (tape, { x, w, bias, residual }) => {
        const sum = (): Tensor => {
          const copy = tape.tensor(shape);
          tape.dispatch({
            shader: accumulateShader,
            bindings: { x: residual, y: copy },
            ...elementwiseVec4(tape, copy, { ACCUMULATE: false }),
          });
          return copy;
        };
        return [
          winogradConv3x3(tape, x, w),
          winogradConv3x3(tape, x, w, { bias }),
          winogradConv3x3(tape, x, w, { bias, relu: true, sum: sum() }),
          winogradConv3x3(tape, x, w, { bias, sum: sum() }),
        ];
      },
      oracle: ({ x, w, bias, residual }) => {
        const y = oracle(x, w, bias);
        const added = (value: number, i: number): number => value + (residual.data[i] as number);
        return [
          conv2d(x, w, { padding: 1 }),
          y,
          mapped(y, (value, i) => added(Math.max(value, 0), i)),
          mapped(y, added),
        ];
      },
      wrt: [],
    });
  });

  it("refuses shapes that do not fit", () => {
    const tape = new Tape(gpu.engine);
    const [x, w] = [tape.tensor([1, 2, 4, 4]), tape.tensor([2, 2, 3, 3])];
    const refused = [
      () => winogradConv3x3(tape, tape.tensor([2, 4, 4]), w),
      () => winogradConv3x3(tape, x, tape.tensor([2, 3, 3, 3])),
      () => winogradConv3x3(tape, x, tape.tensor([2, 2, 5, 5])),
      () => winogradConv3x3(tape, x, w, { bias: tape.tensor([3]) }),
      () => winogradConv3x3(tape, x, w, { sum: tape.tensor([1, 2, 4, 3]) }),
    ];
    for (const each of refused) expect(each).toThrow(ShapeError);
  });
});
