import { describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/device/engine.js";
import { ShapeError } from "../../../src/engine/errors.js";
import { realFft2d } from "../../../src/engine/ops/fft/fft.js";
import { RandomStream } from "../../../src/engine/random.js";
import { StepCounter } from "../../../src/engine/recording/step-counter.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import type { Tensor } from "../../../src/engine/tensors/tensor.js";
import { blurKernel, flipKernel } from "../../../src/kernel/blur-kernel.js";
import { wrappedPsf } from "../../../src/kernel/psf-to-otf.js";
import { dataStep } from "../../../src/model/usrnet/data-step.js";
import { ResUNet } from "../../../src/model/usrnet/res-unet.js";
import { DIFFERENTIABLE } from "../../../src/train/upscaler/differentiable-operations.js";
import { priorShapes, USRNET_TINY, type UsrNetConfig } from "../../../src/weights/layouts/usrnet-layout.js";
import { conv2d } from "../../oracle/conv2d.js";
import { upsample2x2 } from "../../oracle/conv2x2.js";
import { dataStep as dataStepOracle } from "../../oracle/data-step.js";
import { type NdArray, ndArray } from "../../oracle/nd-array.js";
import { useEngine } from "../../support/engine.js";
import { expectMatches, randomArray, relativeError, upload } from "../../support/gradient-check.js";

const gpu = useEngine();

describe("dataStep", () => {
  // Even and odd sides, and scales; a kernel larger than the image.
  it.each([
    { h: 2, w: 3, scale: 2, size: 3 },
    { h: 3, w: 2, scale: 2, size: 5 },
    { h: 3, w: 3, scale: 1, size: 3 },
    { h: 2, w: 3, scale: 3, size: 7 },
    { h: 1, w: 2, scale: 4, size: 4 },
  ])(
    "solves its least squares over $h×$w times $scale, and has their gradient",
    async ({ h, w, scale, size }) => {
      const random = new RandomStream(h, w, scale);
      const kernel = randomArray(random, [size, size], 0.3);
      const y = randomArray(random, [2, h, w]);
      const alpha = 0.05;
      const { engine } = gpu;
      const counter = new StepCounter(engine);
      counter.reset(0, 1);
      await expectMatches(engine, {
        inputs: { x: randomArray(random, [2, h * scale, w * scale]) },
        record: (tape, { x }) => [
          dataStep(tape, x, {
            ...observe(tape, kernel, y, scale),
            alphas: tape.constant(Float32Array.of(9, alpha)),
            counter,
          }),
        ],
        oracle: ({ x }) => [dataStepOracle(x, y, { kernel, scale, alpha })],
        wrt: ["x"],
      });
      engine.free(counter.tensor);
    },
  );

  it("takes each item of a batch by its own blur and α", async () => {
    const { engine } = gpu;
    const random = new RandomStream(4, 4);
    const kernels = [randomArray(random, [3, 3], 0.3), randomArray(random, [3, 3], 0.3)] as const;
    const images = [randomArray(random, [3, 2, 2]), randomArray(random, [3, 2, 2])] as const;
    const alphas = [0.05, 0.5] as const;
    const x = randomArray(random, [6, 4, 4]);
    const tape = new Tape(engine);
    const counter = new StepCounter(engine);
    const grids = kernels.map((kernel) => wrappedPsf(blurKernel(kernel.data, 2), 4, 4));
    const z = dataStep(tape, tape.constant(Float32Array.from(x.data)).reshape(x.shape), {
      spectrum: realFft2d(
        tape,
        tape.constant(Float32Array.from(images.flatMap(({ data }) => [...data]))).reshape([6, 2, 2]),
      ),
      blur: realFft2d(
        tape,
        tape.constant(Float32Array.from(grids.flatMap((grid) => [...grid]))).reshape([2, 4, 4]),
      ),
      scale: 2,
      size: [2, 2],
      alphas: tape.constant(Float32Array.from(alphas)),
      counter,
    });
    const program = await tape.finish();
    program.run();
    const values = await engine.read(z);
    for (const item of [0, 1] as const) {
      const part = ndArray([3, 4, 4], x.data.slice(48 * item, 48 * (item + 1)));
      const expected = dataStepOracle(part, images[item], {
        kernel: kernels[item],
        scale: 2,
        alpha: alphas[item],
      });
      expect(relativeError(values.slice(48 * item, 48 * (item + 1)), expected.data)).toBeLessThan(5e-6);
    }
    program.dispose();
    engine.free(counter.tensor);
  });

  it("reads a kernel by the orientation that it says", () => {
    const kernel = blurKernel(
      Float64Array.from({ length: 16 }, (_, i) => i),
      2,
    );
    expect(wrappedPsf(flipKernel(kernel), 6, 5)).toEqual(wrappedPsf(kernel, 6, 5));
  });

  it("refuses images of another size", () => {
    const tape = new Tape(gpu.engine);
    const observation = {
      ...observe(tape, ndArray([1, 1], [1]), ndArray([1, 2, 2]), 2),
      alphas: tape.tensor([1]),
      counter: new StepCounter(gpu.engine),
    };
    expect(() => dataStep(tape, tape.tensor([1, 4, 6]), observation)).toThrow(ShapeError);
  });

  function observe(tape: Tape, kernel: NdArray, y: NdArray, scale: number) {
    const [, h = 0, w = 0] = y.shape;
    const large = [h * scale, w * scale] as const;
    const grid = tape.constant(wrappedPsf(blurKernel(kernel.data, scale), ...large));
    return {
      spectrum: realFft2d(tape, tape.constant(Float32Array.from(y.data)).reshape(y.shape)),
      blur: realFft2d(tape, grid.reshape([1, ...large])),
      scale,
      size: [h, w] as const,
    };
  }
});

describe("ResUNet", () => {
  const CONFIG: UsrNetConfig = { ...USRNET_TINY, widths: [2, 3, 4], blocks: 1 };
  const random = new RandomStream(7, 7);
  const weights = new Map(
    priorShapes(CONFIG).map(({ name, shape }) => [name, randomArray(random, shape, 0.4)]),
  );

  function network(engine: Engine): ResUNet {
    const net = new ResUNet(engine, CONFIG, "f32", DIFFERENTIABLE);
    net.parameters.write(new Map([...weights].map(([name, { data }]) => [name, Float32Array.from(data)])));
    return net;
  }

  it("equals its layers, and so does its gradient", async () => {
    const net = network(gpu.engine);
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(random, [2, 4, 4, 8]) },
      record: (tape, { x }) => [net.forward(tape, x)],
      oracle: ({ x }) => [layers(x)],
      wrt: ["x"],
    });
    net.dispose();
  });

  it("gives the same with memory that is used again, and less of it", async () => {
    const { engine } = gpu;
    const net = network(engine);
    const image = randomArray(random, [1, 4, 32, 32]);
    const run = async (pooled: boolean): Promise<{ values: Float32Array; bytes: number }> => {
      const before = engine.memory.bytes;
      const tape = new Tape(engine, !pooled);
      const x: Tensor = upload(engine, image);
      const y = net.forward(tape, x);
      const bytes = engine.memory.bytes - before;
      const program = await tape.finish();
      program.run(2);
      const values = await engine.read(y);
      program.dispose();
      engine.free(x);
      return { values, bytes };
    };
    const plain = await run(false);
    await net.prepare();
    const pooled = await run(true);
    expect(pooled.values).toEqual(plain.values);
    expect(pooled.bytes).toBeLessThan(0.7 * plain.bytes);
    net.dispose();
  });

  it("refuses sides that its levels cannot halve", () => {
    const net = network(gpu.engine);
    const tape = new Tape(gpu.engine);
    expect(() => net.forward(tape, tape.tensor([1, 4, 6, 8]))).toThrow(/multiples of 4/);
    net.dispose();
  });

  function layers(image: NdArray): NdArray {
    const w = (name: string): NdArray => weights.get(`p.${name}.weight`) as NdArray;
    const conv = (x: NdArray, name: string): NdArray => conv2d(x, w(name), { padding: 1 });
    const plus = (a: NdArray, b: NdArray): NdArray =>
      ndArray(
        a.shape,
        a.data.map((value, i) => value + (b.data[i] as number)),
      );
    const relu = (x: NdArray): NdArray =>
      ndArray(
        x.shape,
        x.data.map((value) => Math.max(value, 0)),
      );
    const block = (x: NdArray, name: string): NdArray =>
      plus(x, conv(relu(conv(x, `${name}.res.0`)), `${name}.res.2`));
    const down = (x: NdArray, level: number): NdArray =>
      conv2d(block(x, `m_down${level}.0`), w(`m_down${level}.1`), { stride: 2 });
    const up = (x: NdArray, level: number): NdArray =>
      block(upsample2x2(x, w(`m_up${level}.0`)), `m_up${level}.1`);
    const x1 = conv(image, "m_head");
    const x2 = down(x1, 1);
    const x3 = down(x2, 2);
    const middle = block(x3, "m_body.0");
    return conv(plus(up(plus(up(plus(middle, x3), 2), x2), 1), x1), "m_tail");
  }
});
