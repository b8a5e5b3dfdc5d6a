import { describe, expect, it } from "vitest";
import type { ParameterShape } from "../../../src/engine/optimizers/parameters.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import { sizeOf } from "../../../src/engine/tensors/tensor.js";
import { rgbImage } from "../../../src/image/rgb-image.js";
import { COLOR_WINDOW, colorSpectra } from "../../../src/model/spectral/color-spectra.js";
import { denseLayers } from "../../../src/model/spectral/dense-layers.js";
import { FEATURES, PHOTO_FEATURES, turnedFeatures } from "../../../src/model/spectral/features.js";
import { NETWORK_SHAPES } from "../../../src/model/spectral/network-shapes.js";
import { SpectralNetwork } from "../../../src/model/spectral/spectral-network.js";
import { SpectrumAnalyzer } from "../../../src/model/spectral/spectrum-analyzer.js";
import {
  GRID,
  WHOLE_WIDTHS,
  wholeReadingOf,
  wholeShapes,
} from "../../../src/model/spectral/whole-reading.js";
import fixture from "../../fixtures/whole-kernel.json";
import { useEngine } from "../../support/engine.js";

const gpu = useEngine();
const COUNT = 4;

/** Rows of the first network that are in use. */
const FIRST_ROWS = 6;

const image = rgbImage(
  fixture.width,
  fixture.height,
  Float32Array.from(fixture.image, (value) => value / 255),
);

/** The weights that the fixture's script makes; its second network has no inputs for the two unused rows of the first. */
function madeUp(shapes: readonly ParameterShape[], first: number): Map<string, Float32Array> {
  return new Map(
    shapes.map(({ name, shape }) => {
      const layer = first + Number(/\d/.exec(name)) + (name.endsWith("bias") ? 10 : 0);
      const inputs = shape.at(-1) as number;
      const used = inputs === PHOTO_FEATURES + 8 ? PHOTO_FEATURES + FIRST_ROWS : inputs;
      const value = (index: number): number =>
        (((((index % 65537) * 7919 + 104729 * layer) % 65537) / 65537 - 0.5) * 5) / Math.sqrt(used);
      const values = Float32Array.from({ length: sizeOf(shape) }, (_, i) => {
        const [row, column] = [Math.floor(i / inputs), i % inputs];
        return column < used ? value(row * used + column) : 0;
      });
      return [name, values];
    }),
  );
}

const FIRST = madeUp(NETWORK_SHAPES, 0);
const SECOND = madeUp(wholeShapes(WHOLE_WIDTHS), 19);

function worst(found: ArrayLike<number>, expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(value - found[i])));
}

async function measured(): Promise<Float32Array> {
  const [analyzer, colorAnalyzer] = [
    await SpectrumAnalyzer.create(gpu.engine),
    await SpectrumAnalyzer.create(gpu.engine, COLOR_WINDOW),
  ];
  const spectrum = await analyzer.analyze(image);
  const colors = await colorSpectra(colorAnalyzer, image, spectrum);
  analyzer.dispose();
  colorAnalyzer.dispose();
  return turnedFeatures(spectrum, colors);
}

describe("the whole kernel, against NumPy and PyTorch", () => {
  it("has the same features", async () => {
    const features = await measured();
    const own = Array.from({ length: PHOTO_FEATURES }, (_, row) => features[row * COUNT]);
    // Spectra in float32 have four digits where the power is small beside that of the window's brightness.
    expect(worst(own, fixture.features)).toBeLessThan(3e-4);
  });

  it("has the same rows for all symmetries", async () => {
    const features = await measured();
    const first = denseLayers(FIRST, "layer", features);
    expect(worst(first.subarray(0, FIRST_ROWS * COUNT), fixture.first)).toBeLessThan(1e-4);
    const second = denseLayers(SECOND, "whole", Float32Array.of(...features, ...first));
    expect(worst(second, fixture.second)).toBeLessThan(1e-4);
  });

  it("reads the same covariance and kernel off the rows", () => {
    const first = Float32Array.from([...fixture.first, ...Array(2 * COUNT).fill(0)]);
    const { covariance, kernel } = wholeReadingOf(first, Float32Array.from(fixture.second));
    const { xx, xy, yy } = covariance;
    expect(worst([xx, yy, 2 * xy], fixture.covariance)).toBeLessThan(1e-5);
    expect(worst(kernel, fixture.kernel)).toBeLessThan(1e-6);
    expect(kernel).toHaveLength(GRID ** 2);
    kernel.forEach((value, i) => {
      expect(value).toBeCloseTo(kernel[GRID ** 2 - 1 - i], 9);
    });
  });
});

describe("the first network on the GPU, where it is trained", () => {
  it("says the same as on the processor", async () => {
    const { engine } = gpu;
    const tape = new Tape(engine, false);
    const input = tape.tensor([1, FEATURES, COUNT], "features");
    const network = new SpectralNetwork(engine, FIRST);
    const output = network.forward(tape, input);
    const program = await tape.finish();
    const features = (await measured()).subarray(0, input.size);
    engine.write(input, features);
    program.run();
    expect(worst(await engine.read(output), [...denseLayers(FIRST, "layer", features)])).toBeLessThan(1e-4);
    program.dispose();
    network.parameters.dispose();
  });
});
