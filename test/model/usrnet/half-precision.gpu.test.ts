import { describe, expect, it, type TestContext } from "vitest";
import { EngineError, FeatureError, ShapeError } from "../../../src/engine/errors.js";
import { downsample2x2, upsample2x2 } from "../../../src/engine/ops/convolution/conv2x2.js";
import { conv3x3, packConv3x3 } from "../../../src/engine/ops/convolution/conv3x3.js";
import { add } from "../../../src/engine/ops/elementwise/add.js";
import { cast } from "../../../src/engine/ops/elementwise/cast.js";
import { RandomStream } from "../../../src/engine/random.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import type { Tensor } from "../../../src/engine/tensors/tensor.js";
import { gaussianKernel } from "../../../src/kernel/families/gaussian-kernel.js";
import { initialUpscaler } from "../../../src/train/upscaler/initial-upscaler.js";
import type { UpscalePlan } from "../../../src/upscale/upscaler.js";
import { UsrNet } from "../../../src/upscale/usrnet/usrnet.js";
import { conv2d } from "../../oracle/conv2d.js";
import { upsample2x2 as upsampleOracle } from "../../oracle/conv2x2.js";
import { type NdArray, ndArray } from "../../oracle/nd-array.js";
import { maxDifference } from "../../support/difference.js";
import { useEngine } from "../../support/engine.js";
import { randomArray, relativeError, upload } from "../../support/gradient-check.js";
import { HALF_EPSILON, halfArray } from "../../support/half.js";
import { useProductVariants } from "../../support/product-variants.js";
import { skipWhere } from "../../support/skip.js";
import { syntheticImage } from "../../support/synthetic-image.js";

const gpu = useEngine();
const offered = (): boolean => gpu.engine.device.features.has("shader-f16");
const needsHalf = (context: TestContext): void =>
  skipWhere(!offered(), context, "This device has no shader-f16: run it on one that has");

const variants = useProductVariants(gpu);

/** Operations on tensors of f16, and what they give in float64. */
const OPERATIONS: Readonly<
  Record<
    string,
    {
      readonly shapes: readonly (readonly number[])[];
      readonly record: (tape: Tape, inputs: readonly Tensor[]) => Tensor;
      readonly oracle: (inputs: readonly NdArray[]) => NdArray;
    }
  >
> = {
  cast: { shapes: [[3, 7]], record: (_, [x]) => x as Tensor, oracle: ([x]) => x as NdArray },
  add: {
    shapes: [
      [2, 9],
      [2, 9],
    ],
    record: (tape, [a, b]) => add(tape, a as Tensor, b as Tensor),
    oracle: ([a, b]) =>
      ndArray(
        a?.shape ?? [],
        (a as NdArray).data.map((value, i) => value + (b?.data[i] as number)),
      ),
  },
  // The weights are packed from f32, which holds them as well.
  conv3x3: {
    shapes: [
      [2, 3, 7, 6],
      [18, 3, 3, 3],
    ],
    record: (tape, [x, w]) => {
      const packed = packConv3x3(tape, cast(tape, w as Tensor, "f32"), "f16");
      const out = tape.tensor([2, 18, 7, 6], "y", "f16");
      return conv3x3(tape, x as Tensor, w as Tensor, { packed, out });
    },
    oracle: ([x, w]) => conv2d(x as NdArray, w as NdArray, { padding: 1 }),
  },
  "conv3x3 to few channels, with a residual": {
    shapes: [
      [1, 3, 5, 9],
      [3, 3, 3, 3],
    ],
    record: (tape, [x, w]) => {
      const packed = packConv3x3(tape, cast(tape, w as Tensor, "f32"), "f16");
      const out = tape.tensor([1, 3, 5, 9], "y", "f16");
      return conv3x3(tape, x as Tensor, w as Tensor, { packed, out, residual: x });
    },
    oracle: ([x, w]) => {
      const { shape, data } = conv2d(x as NdArray, w as NdArray, { padding: 1 });
      return ndArray(
        shape,
        data.map((value, i) => value + (x?.data[i] as number)),
      );
    },
  },
  downsample2x2: {
    shapes: [
      [2, 5, 6, 4],
      [18, 5, 2, 2],
    ],
    record: (tape, [x, w]) => downsample2x2(tape, x as Tensor, w as Tensor),
    oracle: ([x, w]) => conv2d(x as NdArray, w as NdArray, { stride: 2 }),
  },
  upsample2x2: {
    shapes: [
      [2, 5, 3, 4],
      [5, 18, 2, 2],
    ],
    record: (tape, [x, w]) => upsample2x2(tape, x as Tensor, w as Tensor),
    oracle: ([x, w]) => upsampleOracle(x as NdArray, w as NdArray),
  },
};

describe("operations on f16", () => {
  it.for(Object.keys(OPERATIONS))(
    "%s is off by no more than its result is rounded",
    async (name, context) => {
      needsHalf(context);
      const { shapes, record, oracle } = OPERATIONS[name] as (typeof OPERATIONS)[string];
      const random = new RandomStream(11, 1);
      const inputs = shapes.map((shape) => halfArray(randomArray(random, shape)));
      for (const engine of variants) {
        const before = engine.memory.bytes;
        const uploaded = inputs.map((input) => upload(engine, input));
        const tape = new Tape(engine, false);
        const result = record(
          tape,
          uploaded.map((tensor) => cast(tape, tensor, "f16")),
        );
        expect(result.dtype).toBe("f16");
        const read = cast(tape, result, "f32");
        const program = await tape.finish();
        program.run();
        const error = relativeError(await engine.read(read), oracle(inputs).data);
        expect(error).toBeLessThan(name === "cast" ? 1e-12 : HALF_EPSILON);
        program.dispose();
        for (const tensor of uploaded) engine.free(tensor);
        expect(engine.memory.bytes).toBe(before);
      }
    },
  );

  it("are refused where they have gradients, tensors are stored unlike, or the CPU would read them", async (context) => {
    needsHalf(context);
    const tape = new Tape(gpu.engine);
    const half = tape.tensor([1, 2, 4, 4], "half", "f16");
    const full = tape.tensor([1, 2, 4, 4], "full");
    expect(() => add(tape, half, full)).toThrow(ShapeError);
    expect(() => downsample2x2(tape, half, tape.tensor([2, 2, 2, 2]))).toThrow(/cast one/);
    expect(() => conv3x3(tape, full, tape.tensor([2, 2, 3, 3]), { out: half })).toThrow(/no gradients/);
    await expect(gpu.engine.read(half)).rejects.toThrow(EngineError);
    expect(() => gpu.engine.write(half, new Float32Array(32))).toThrow(EngineError);
  });
});

describe("UsrNet in f16", () => {
  it("gives nearly the same picture with nearly half of the memory", async (context) => {
    needsHalf(context);
    const { engine } = gpu;
    const image = syntheticImage(4, 96, 72);
    const kernel = gaussianKernel({ lambda1: 3, lambda2: 1, theta: 0.5 });
    const before = engine.memory.bytes;
    const run = async (precision: "f32" | "f16") => {
      const net = await UsrNet.load(engine, initialUpscaler(0), { precision });
      const plans: UpscalePlan[] = [];
      const { data } = await net.upscale(image, { kernel, scale: 2, onPlan: (plan) => plans.push(plan) });
      net.dispose();
      return { data, bytes: plans[0]?.bytes as number };
    };
    const [full, half] = [await run("f32"), await run("f16")];
    // A color value of at most 1 goes through a dozen roundings, of which each may change it by half a unit.
    expect(maxDifference(half.data, full.data)).toBeLessThan(12 * HALF_EPSILON);
    expect(maxDifference(half.data, full.data)).toBeGreaterThan(0);
    expect(half.bytes).toBeLessThan(0.75 * full.bytes);
    expect(engine.memory.bytes).toBe(before);
  });

  it("is refused where the device has no shader-f16", async (context) => {
    skipWhere(offered(), context, "This device has shader-f16: run it on one that has not");
    const before = gpu.engine.memory.bytes;
    const net = UsrNet.load(gpu.engine, initialUpscaler(0), { precision: "f16" });
    await expect(net).rejects.toThrow(FeatureError);
    await expect(net).rejects.toThrow(/leave the precision at f32/);
    expect(gpu.engine.memory.bytes).toBe(before);
  });
});
