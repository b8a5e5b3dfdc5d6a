import { describe, expect, it } from "vitest";
import { conv2d } from "../../../../src/engine/ops/convolution/conv2d.js";
import { RandomStream } from "../../../../src/engine/random.js";
import { conv2d as oracle } from "../../../oracle/conv2d.js";
import { useEngine } from "../../../support/engine.js";
import { expectMatches, randomArray, randomInteger } from "../../../support/gradient-check.js";

const gpu = useEngine();

const KINDS = ["valid", "zero", "circular"] as const;

describe("conv2d", () => {
  it.each(
    Array.from({ length: 9 }, (_, seed) => ({ seed, kind: KINDS[seed % 3] as (typeof KINDS)[number] })),
  )("equals its oracle with random shapes: $kind, seed $seed", async ({ seed, kind }) => {
    const random = new RandomStream(seed, 1);
    const [N, I, O, h, w, H, W] = [2, 3, 6, 7, 7, 4, 4].map((high, i) =>
      randomInteger(random, i < 5 ? 1 : 0, high),
    ) as [number, number, number, number, number, number, number];
    const height = 7 + H;
    const width = 8 + W;
    const padding = kind === "valid" ? 0 : randomInteger(random, 1, 5);
    const options = {
      stride: 1 + (seed % 4 === 3 ? 2 : seed % 2),
      padding,
      mode: kind === "circular" ? ("circular" as const) : ("zero" as const),
    };
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(random, [N, I, height, width]), w: randomArray(random, [O, I, h, w]) },
      record: (tape, { x, w }) => [conv2d(tape, x, w, options)],
      oracle: ({ x, w }) => [oracle(x, w, options)],
      wrt: ["x", "w"],
    });
  });

  it.each([
    ["zero", [2, 4, 3, 2], 1, 1, [6, 7]],
    ["zero", [1, 4, 4, 3], 2, 2, [6, 7]],
    ["zero", [1, 4, 3, 5], 3, 3, [6, 9]],
    ["circular", [2, 4, 3, 3], 1, 1, [8, 8]],
    ["circular", [1, 4, 3, 4], 1, 1, [6, 7]],
    ["circular", [1, 4, 5, 5], 2, 2, [8, 8]],
    ["zero", [2, 4, 1, 1], 1, 0, [8, 16]],
    ["circular", [1, 8, 1, 1], 2, 0, [8, 12]],
  ] as const)(
    "is a product where all sizes are multiples of four: %s, %s, stride %i, padding %i, %s",
    async (mode, [N, O, h, width], stride, padding, [H, W]) => {
      const random = new RandomStream(23, 1);
      const options = { mode, stride, padding };
      const products: string[] = [];
      await expectMatches(gpu.engine, {
        inputs: { x: randomArray(random, [N, 4, H, W]), w: randomArray(random, [O, 4, h, width]) },
        record: (tape, { x, w }) => {
          const dispatch = tape.dispatch.bind(tape);
          tape.dispatch = (request) => {
            products.push(request.shader.name);
            dispatch(request);
          };
          return [conv2d(tape, x, w, options)];
        },
        oracle: ({ x, w }) => [oracle(x, w, options)],
        wrt: ["x", "w"],
      });
      expect(products.some((name) => name.startsWith("matmul"))).toBe(true);
      expect(products.some((name) => name === "conv2d")).toBe(false);
    },
  );

  it("takes a 1×1 and a 1×5 kernel, and an image as small as the kernel", async () => {
    const random = new RandomStream(20, 1);
    for (const [kernel, image] of [
      [
        [4, 2, 1, 1],
        [1, 2, 3, 5],
      ],
      [
        [1, 1, 1, 5],
        [2, 1, 4, 6],
      ],
      [
        [5, 1, 7, 3],
        [1, 1, 7, 3],
      ],
    ] as const) {
      await expectMatches(gpu.engine, {
        inputs: { x: randomArray(random, image), w: randomArray(random, kernel) },
        record: (tape, { x, w }) => [conv2d(tape, x, w)],
        oracle: ({ x, w }) => [oracle(x, w)],
        wrt: ["x", "w"],
      });
    }
  });

  it("wraps a padding as wide as the image", async () => {
    const random = new RandomStream(21, 1);
    const options = { padding: 5, mode: "circular", stride: 2 } as const;
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(random, [1, 1, 5, 6]), w: randomArray(random, [1, 1, 11, 11]) },
      record: (tape, { x, w }) => [conv2d(tape, x, w, options)],
      oracle: ({ x, w }) => [oracle(x, w, options)],
      wrt: ["x", "w"],
    });
  });

  it("writes into a tensor that is given, of the same number of elements", async () => {
    const random = new RandomStream(22, 1);
    let place: readonly number[] = [];
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(random, [3, 1, 4, 4]), w: randomArray(random, [1, 1, 3, 3]) },
      record: (tape, { x, w }) => {
        const out = tape.tensor([3, 1, 2, 2]);
        const y = conv2d(tape, x, w, { out });
        place = y === out ? y.shape : [];
        return [y];
      },
      oracle: ({ x, w }) => [oracle(x, w)],
      wrt: ["w"],
    });
    expect(place).toEqual([3, 1, 2, 2]);
  });
});
