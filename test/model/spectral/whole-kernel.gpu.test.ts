import { describe, expect, it } from "vitest";
import { Tape } from "../../../src/engine/recording/tape.js";
import { sizeOf } from "../../../src/engine/tensors/tensor.js";
import { rgbImage } from "../../../src/image/rgb-image.js";
import { COLOR_WINDOW, colorSpectra } from "../../../src/model/spectral/color-spectra.js";
import { FEATURES, PHOTO_FEATURES, turnedFeatures } from "../../../src/model/spectral/features.js";
import { jpegNumbers } from "../../../src/model/spectral/jpeg-grid.js";
import { NETWORK_SHAPES, SpectralNetwork } from "../../../src/model/spectral/spectral-network.js";
import { SpectrumAnalyzer } from "../../../src/model/spectral/spectrum-analyzer.js";
import { WHOLE_SHAPES, WholeKernelNetwork } from "../../../src/model/spectral/whole-kernel-network.js";
import { GRID, wholeReadingOf } from "../../../src/model/spectral/whole-reading.js";
import fixture from "../../fixtures/whole-kernel.json";
import { useEngine } from "../../support/engine.js";

const gpu = useEngine();
const COUNT = 4;

const image = rgbImage(
  fixture.width,
  fixture.height,
  Float32Array.from(fixture.image, (value) => value / 255),
);

/** The weights that the fixture's script makes: the first layer of the second network has one tensor there. */
function madeUp(size: number, inputs: number, layer: number): Float32Array {
  return Float32Array.from(
    { length: size },
    (_, i) => (((((i % 65537) * 7919 + 104729 * layer) % 65537) / 65537 - 0.5) * 5) / Math.sqrt(inputs),
  );
}

function firstWeights(): Map<string, Float32Array> {
  return new Map(
    NETWORK_SHAPES.map(({ name, shape }) => {
      const layer = Number(name[5]) + (name.endsWith("bias") ? 10 : 0);
      return [name, madeUp(sizeOf(shape), shape.at(-1) as number, layer)];
    }),
  );
}

function secondWeights(): Map<string, Float32Array> {
  const inputs = PHOTO_FEATURES + 6;
  const weights = new Map(
    WHOLE_SHAPES.map(({ name, shape }) => {
      const layer = Number(name[5]) + (name.endsWith("bias") ? 29 : 19);
      return [name, madeUp(sizeOf(shape), shape.at(-1) as number, layer)];
    }),
  );
  const all = madeUp(384 * inputs, inputs, 20);
  const row = (i: number): Float32Array => all.subarray(i * inputs, (i + 1) * inputs);
  const photo = Float32Array.from(
    { length: 384 * PHOTO_FEATURES },
    (_, i) => row(Math.floor(i / PHOTO_FEATURES))[i % PHOTO_FEATURES],
  );
  const rows = Float32Array.from(
    { length: 384 * 8 },
    (_, i) => row(i >> 3).subarray(PHOTO_FEATURES)[i % 8] ?? 0,
  );
  return weights.set("whole1.weight", photo).set("whole1.rows", rows);
}

function worst(found: ArrayLike<number>, expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(value - found[i])));
}

async function measured(): Promise<Float32Array> {
  const analyzer = await SpectrumAnalyzer.create(gpu.engine);
  const spectrum = await analyzer.analyze(image);
  const colorAnalyzer = await SpectrumAnalyzer.create(gpu.engine, COLOR_WINDOW);
  const colors = await colorSpectra(colorAnalyzer, image, spectrum);
  analyzer.dispose();
  colorAnalyzer.dispose();
  return turnedFeatures(spectrum, [colors, jpegNumbers(image, spectrum.corners)]);
}

describe("the whole kernel, against NumPy and PyTorch", () => {
  it("has the same features", async () => {
    const features = await measured();
    const own = Array.from({ length: PHOTO_FEATURES }, (_, row) => features[row * COUNT]);
    // Spectra in float32 have four digits where the power is small beside that of the window's brightness.
    expect(worst(own, fixture.features)).toBeLessThan(3e-4);
  });

  it("has the same rows for all symmetries", async () => {
    const { engine } = gpu;
    const tape = new Tape(engine, false);
    const features = tape.tensor([1, PHOTO_FEATURES, COUNT], "features");
    const first = new SpectralNetwork(engine, firstWeights()).forward(
      tape,
      features.view(0, [1, FEATURES, COUNT]),
    );
    const second = new WholeKernelNetwork(engine, secondWeights()).forward(tape, features, first);
    const program = await tape.finish();
    engine.write(features, await measured());
    program.run();
    const rows = (await engine.read(first)).subarray(0, 6 * COUNT);
    expect(worst(rows, fixture.first)).toBeLessThan(1e-4);
    expect(worst(await engine.read(second), fixture.second)).toBeLessThan(1e-4);
    program.dispose();
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
