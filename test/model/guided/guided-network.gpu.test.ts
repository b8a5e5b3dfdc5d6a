import { describe, expect, it } from "vitest";
import { ShapeError } from "../../../src/engine/errors.js";
import { conv3x3, packConv3x3 } from "../../../src/engine/ops/convolution/conv3x3.js";
import { realFft2d } from "../../../src/engine/ops/fft/fft.js";
import { RandomStream } from "../../../src/engine/random.js";
import { StepCounter } from "../../../src/engine/recording/step-counter.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import { blurKernel } from "../../../src/kernel/blur-kernel.js";
import { wrappedPsf } from "../../../src/kernel/psf-to-otf.js";
import { told } from "../../../src/model/guided/conditions.js";
import { foldedWeights } from "../../../src/model/guided/folded-weights.js";
import { GuidedNetwork } from "../../../src/model/guided/guided-network.js";
import { guidedConfigOf, guidedShapes } from "../../../src/model/guided/layout.js";
import { guidedPicture, guidedPlanes } from "../../../src/model/guided/planes.js";
import fixture from "../../fixtures/guided-network.json";
import { conv2d } from "../../oracle/conv2d.js";
import { guidedPicture as pictureOracle, guidedPlanes as planesOracle } from "../../oracle/guided.js";
import { generate, type NdArray, ndArray } from "../../oracle/nd-array.js";
import { maxDifference } from "../../support/difference.js";
import { useEngine } from "../../support/engine.js";
import { expectMatches, randomArray, relativeError, upload } from "../../support/gradient-check.js";
import { useProductVariants } from "../../support/product-variants.js";

const gpu = useEngine();

const variants = useProductVariants(gpu);

const SIZES = [
  { batch: 1, height: 1, width: 4, scale: 1 },
  { batch: 2, height: 3, width: 4, scale: 2 },
  { batch: 1, height: 3, width: 2, scale: 3 },
  { batch: 1, height: 2, width: 3, scale: 4 },
];

function inputsOf(batch: number, height: number, width: number, scale: number) {
  const random = new RandomStream(batch, height, width);
  const large = [batch, 3, height * scale, width * scale];
  return {
    small: randomArray(random, [batch, 3, height, width]),
    sharp: randomArray(random, large),
    smooth: randomArray(random, large),
    gates: randomArray(random, [batch, 2]),
    x: randomArray(random, [batch, 3 * scale ** 2, height, width]),
  };
}

describe("guidedPlanes", () => {
  it.each(SIZES)("equals its oracle: $batch of $height×$width, ×$scale", async (size) => {
    const { batch, height, width, scale } = size;
    const { small, sharp, smooth } = inputsOf(batch, height, width, scale);
    await expectMatches(gpu.engine, {
      inputs: { small, sharp, smooth },
      record: (tape, tensors) => [guidedPlanes(tape, { ...tensors, scale })],
      oracle: (arrays) => [planesOracle(arrays.small, [arrays.sharp, arrays.smooth], scale)],
      wrt: [],
    });
  });

  it("refuses guesses of another scale", () => {
    const tape = new Tape(gpu.engine);
    const [small, guess] = [tape.tensor([1, 3, 4, 4]), tape.tensor([1, 3, 8, 8])];
    expect(() => guidedPlanes(tape, { small, sharp: guess, smooth: guess, scale: 3 })).toThrow(ShapeError);
  });
});

describe("guidedPicture", () => {
  it.each(SIZES)("equals its oracle: $batch of $height×$width, ×$scale", async (size) => {
    const { batch, height, width, scale } = size;
    for (const shift of [
      [0, 0],
      [-1, 2],
    ] as const) {
      await expectMatches(gpu.engine, {
        inputs: inputsOf(batch, height, width, scale),
        record: (tape, { x, ...rest }) => [guidedPicture(tape, x, { ...rest, scale, shift })],
        oracle: ({ x, small, sharp, smooth, gates }) => [
          pictureOracle(x, small, [sharp, smooth], gates, scale, shift),
        ],
        wrt: [],
      });
    }
  });

  it("has one guess for its base where there are no gates", async () => {
    const { x, small, sharp, smooth } = inputsOf(2, 5, 4, 2);
    await expectMatches(gpu.engine, {
      inputs: { x, small, sharp },
      record: (tape, { x: planes, ...rest }) => [
        guidedPicture(tape, planes, { ...rest, scale: 2, shift: [1, -2] }),
      ],
      oracle: (arrays) => [
        pictureOracle(
          arrays.x,
          arrays.small,
          [arrays.sharp, smooth],
          ndArray([2, 2], [1, 0, 1, 0]),
          2,
          [1, -2],
        ),
      ],
      wrt: [],
    });
  });

  it("refuses planes of another scale", () => {
    const tape = new Tape(gpu.engine);
    const [small, guess] = [tape.tensor([1, 3, 4, 4]), tape.tensor([1, 3, 8, 8])];
    const options = { small, sharp: guess, smooth: guess, scale: 2, gates: tape.tensor([1, 2]) };
    expect(() => guidedPicture(tape, tape.tensor([1, 3, 4, 4]), options)).toThrow(ShapeError);
  });
});

describe("conv3x3 with biases", () => {
  const biased = (x: NdArray, w: NdArray, bias: NdArray): NdArray => {
    const y = conv2d(x, w, { padding: 1 });
    const [, O = 0, H = 0, W = 0] = y.shape;
    return {
      shape: y.shape,
      data: y.data.map((value, i) => value + (bias.data[Math.floor(i / (H * W)) % O] as number)),
    };
  };

  it.each([
    { image: [2, 2, 5, 4], outputs: 3 },
    { image: [1, 1, 4, 3], outputs: 17 },
  ])("equals its oracle over $image to $outputs channels, with a ReLU", async ({ image, outputs }) => {
    const random = new RandomStream(8, outputs);
    await expectMatches(variants, {
      inputs: {
        x: randomArray(random, image),
        w: randomArray(random, [outputs, image[1] as number, 3, 3]),
        bias: randomArray(random, [outputs]),
      },
      record: (tape, { x, w, bias }) => [
        conv3x3(tape, x, w, { bias }),
        conv3x3(tape, x, w, { bias, relu: true }),
      ],
      oracle: ({ x, w, bias }) => {
        const y = biased(x, w, bias);
        return [y, { shape: y.shape, data: y.data.map((value) => Math.max(value, 0)) }];
      },
      wrt: ["x", "w", "bias"],
    });
  });

  it("takes biases that another program has packed", async () => {
    const { engine } = gpu;
    const random = new RandomStream(8, 1);
    const arrays = [
      randomArray(random, [1, 2, 4, 4]),
      randomArray(random, [5, 2, 3, 3]),
      randomArray(random, [5]),
    ];
    const [x, w, bias] = arrays.map((array) => upload(engine, array));
    const packing = new Tape(engine, false);
    const packed = packConv3x3(packing, w, "f32", bias);
    const first = await packing.finish();
    first.run();
    const tape = new Tape(engine, false);
    const y = conv3x3(tape, x, w, { packed });
    const program = await tape.finish();
    program.run();
    const [image, weights, numbers] = arrays as [NdArray, NdArray, NdArray];
    expect(relativeError(await engine.read(y), biased(image, weights, numbers).data)).toBeLessThan(1e-6);
    for (const each of [first, program]) each.dispose();
    for (const each of [x, w, bias]) engine.free(each);
  });

  it("refuses biases of another number", () => {
    const tape = new Tape(gpu.engine);
    const [x, w] = [tape.tensor([1, 2, 4, 4]), tape.tensor([3, 2, 3, 3])];
    expect(() => conv3x3(tape, x, w, { bias: tape.tensor([2]) })).toThrow(ShapeError);
  });
});

type Tuple<Length extends number, Values extends number[] = []> = Values["length"] extends Length
  ? Values
  : Tuple<Length, [...Values, number]>;

describe("GuidedNetwork", () => {
  const { config } = fixture;
  const kernel = blurKernel(fixture.kernel, config.scale);
  const [height, width] = fixture.size as [number, number];
  const weights = new Map(
    Object.entries(fixture.tensors).map(([name, { data }]) => [name, Float32Array.from(data)]),
  );
  const array = (shape: readonly number[], values: readonly number[]): NdArray => {
    let i = 0;
    return generate(shape, () => values[i++] as number);
  };

  async function picture(conditions: Parameters<typeof told>[2]): Promise<Float32Array> {
    const { engine } = gpu;
    const before = engine.memory.bytes;
    const network = new GuidedNetwork(engine, config);
    const following = told(weights, config, conditions);
    network.parameters.write(foldedWeights(weights, config, following));
    const large = [1, 3, height * config.scale, width * config.scale] as const;
    const half = fixture.guesses.length / 2;
    const tape = new Tape(engine, false);
    const small = upload(engine, array([1, 3, height, width], fixture.small));
    const sharp = upload(engine, array(large, fixture.guesses.slice(0, half)));
    const smooth = upload(engine, array(large, fixture.guesses.slice(half)));
    const gates = tape.constant(Float32Array.from(following.gates));
    const counter = new StepCounter(engine);
    counter.reset(0);
    const psf = tape.constant(wrappedPsf(kernel, large[2], large[3]));
    const observation = {
      spectrum: realFft2d(tape, small.reshape([3, height, width])),
      blur: realFft2d(tape, psf.reshape([1, large[2], large[3]])),
      size: [height, width] as const,
      counter,
    };
    const alphas = following.alphas.map((alpha) => tape.constant(Float32Array.of(alpha)));
    const options = { small, sharp, smooth, gates, scale: config.scale, observation, alphas };
    const y = network.forward(tape, options);
    const program = await tape.finish();
    // Twice, for the images' memory is used again.
    program.run(2);
    const values = await engine.read(y);
    program.dispose();
    network.dispose();
    counter.dispose();
    for (const each of [small, sharp, smooth]) engine.free(each);
    expect(engine.memory.bytes - before, "bytes left behind").toBe(0);
    return values;
  }

  it("gives PyTorch's picture, whatever it is told of the image", async () => {
    const [noise, error, nonGaussianity, xx, xy, yy, sharp, smooth, brightnessNoise, ...kind] =
      fixture.conditions as Tuple<13>;
    const [camera, compressed, quality, gaussian] = kind;
    const first = await picture({
      noise,
      error,
      nonGaussianity,
      covariance: { xx, xy, yy },
      sigmas: [sharp, smooth],
      photo: { brightnessNoise, camera, compressed, quality, gaussian },
    });
    expect(maxDifference(first, fixture.picture)).toBeLessThan(1e-5);
    const second = await picture({
      noise: 0,
      error: 0,
      nonGaussianity: 0,
      covariance: { xx: 1, xy: 0, yy: 1 },
      sigmas: [0.5, 3],
    });
    expect(maxDifference(second, fixture.plain)).toBeLessThan(1e-5);
    expect(maxDifference(first, second)).toBeGreaterThan(0.01);
  });

  it("reads its size off a file, and refuses another network's", () => {
    const tensors = new Map(
      [...guidedShapes(config)].map(([name, shape]) => [
        name,
        { shape, data: weights.get(name) as Float32Array },
      ]),
    );
    const metadata = { format: "guided-upscaler", scale: "2", channels: "4", blocks: "2,1" };
    expect(guidedConfigOf({ tensors, metadata })).toEqual(config);
    expect(() => guidedConfigOf({ tensors, metadata: { ...metadata, format: "usrnet" } })).toThrow("usrnet");
    expect(() => guidedConfigOf({ tensors, metadata: { ...metadata, blocks: "many" } })).toThrow("blocks");
    expect(() => guidedConfigOf({ tensors, metadata: { ...metadata, blocks: "2,2" } })).toThrow("first.3");
  });
});
