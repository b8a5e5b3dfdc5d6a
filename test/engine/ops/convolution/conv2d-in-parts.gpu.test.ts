import { describe, expect, it } from "vitest";
import { conv2d } from "../../../../src/engine/ops/convolution/conv2d.js";
import { convolveByProduct } from "../../../../src/engine/ops/convolution/conv2d-by-product.js";
import type { Conv2dOptions } from "../../../../src/engine/ops/convolution/conv2d-options.js";
import { l1Loss } from "../../../../src/engine/ops/losses/l1-loss.js";
import { RandomStream } from "../../../../src/engine/random.js";
import { Tape } from "../../../../src/engine/recording/tape.js";
import type { Tensor } from "../../../../src/engine/tensors/tensor.js";
import { conv2d as oracle } from "../../../oracle/conv2d.js";
import { useEngine } from "../../../support/engine.js";
import { expectMatches, randomArray } from "../../../support/gradient-check.js";
import { useProductVariants } from "../../../support/product-variants.js";

const gpu = useEngine();

/** Names of the shaders that are recorded on a tape from now on. */
function namesOfShaders(tape: Tape): string[] {
  const names: string[] = [];
  const dispatch = tape.dispatch.bind(tape);
  tape.dispatch = (request) => {
    names.push(request.shader.name);
    dispatch(request);
  };
  return names;
}

/** The convolution by columns of `most` elements at once, and how often columns were made for it. */
function inParts(tape: Tape, x: Tensor, w: Tensor, options: Conv2dOptions, most: number) {
  const names = namesOfShaders(tape);
  const product = convolveByProduct(tape, x, w, options, most);
  if (!product) throw new Error("The sizes do not suit a product.");
  tape.differentiable([x, w], [product.y], product.backward);
  return { y: product.y, parts: names.filter((name) => name === "conv2d_columns").length };
}

describe("conv2d whose columns are made in parts", () => {
  const variants = useProductVariants(gpu);

  // A channel's columns have 64 elements (2×2, to 4×4 outputs), 144 (3×3, to 4×4) or 576 (3×3, to 8×8).
  it.each([
    ["channels, the last part smaller", [1, 6, 8, 8], [16, 6, 2, 2], { stride: 2 }, 4 * 64, 2],
    ["channels of several items", [2, 8, 8, 8], [16, 8, 3, 3], { stride: 2, padding: 1 }, 4 * 144, 4],
    ["whole items", [3, 4, 8, 8], [4, 4, 2, 2], { stride: 2 }, 4 * 64, 3],
    ["channels that wrap", [1, 8, 8, 8], [16, 8, 3, 3], { padding: 1, mode: "circular" }, 7 * 576, 2],
    ["single channels", [1, 3, 8, 8], [16, 3, 2, 2], { stride: 2 }, 64, 3],
  ] as const)("equals its oracle in every variant: %s", async (_, image, kernel, options, most, parts) => {
    const random = new RandomStream(24, 1);
    const counted: number[] = [];
    await expectMatches(variants, {
      inputs: { x: randomArray(random, image), w: randomArray(random, kernel) },
      record(tape, { x, w }) {
        const made = inParts(tape, x, w, options, most);
        counted.push(made.parts);
        return [made.y];
      },
      oracle: ({ x, w }) => [oracle(x, w, options)],
      wrt: ["x", "w"],
    });
    expect(counted).toEqual(variants.map(() => parts));
  });

  it("adds to gradients that are there, and writes into a tensor that is given", async () => {
    const random = new RandomStream(25, 1);
    await expectMatches(variants, {
      inputs: { x: randomArray(random, [2, 8, 8, 8]), w: randomArray(random, [16, 8, 2, 2]) },
      record: (tape, { x, w }) => {
        const out = tape.tensor([2, 16, 4, 4]);
        const twice = [{ stride: 2, out }, { stride: 2 }];
        return twice.map((options) => inParts(tape, x, w, options, 4 * 64).y);
      },
      oracle: ({ x, w }) => [oracle(x, w, { stride: 2 }), oracle(x, w, { stride: 2 })],
      wrt: ["x", "w"],
    });
  });

  it("leaves sizes that no part suits to other kernels", () => {
    using tape = new Tape(gpu.engine);
    const names = namesOfShaders(tape);
    const record = (image: number[], kernel: number[], most: number) =>
      convolveByProduct(tape, tape.tensor(image), tape.tensor(kernel), { stride: 2 }, most);
    expect(record([1, 4, 8, 8], [16, 4, 2, 2], 63), "less than a channel").toBeUndefined();
    expect(
      record([1, 4, 6, 8], [16, 4, 2, 4], 3 * 72),
      "channels at places that cannot be bound",
    ).toBeUndefined();
    expect(names).toEqual([]);
  });

  it("makes 146 MB of columns, and their gradients, in 64 MiB", () => {
    const { engine } = gpu;
    using tape = new Tape(engine);
    const x = tape.tensor([1, 64, 252, 252], "x");
    const w = tape.tensor([64, 64, 3, 3], "w");
    const names = namesOfShaders(tape);
    const before = engine.memory.bytes;
    const y = conv2d(tape, x, w, { padding: 1 });
    tape.backward([{ loss: l1Loss(tape, y, tape.tensor(y.shape)), weight: 1 }], [x, w]);
    // The result, its reference, and the gradients of result and image take 15.5 MiB each.
    expect((engine.memory.bytes - before) / 2 ** 20).toBeLessThan(64 + 4 * 15.5 + 2);
    expect(names.filter((name) => /^conv2d(_backward|$)/.test(name))).toEqual([]);
    expect(names.filter((name) => name === "conv2d_columns")).toHaveLength(6);
  });
});
