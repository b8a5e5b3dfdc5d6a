import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { realFft2d } from "../../../src/engine/ops/fft/fft.js";
import { padReplicate } from "../../../src/engine/ops/rearrange/pad-replicate.js";
import { trim } from "../../../src/engine/ops/rearrange/trim.js";
import { StepCounter } from "../../../src/engine/recording/step-counter.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import type { Tensor } from "../../../src/engine/tensors/tensor.js";
import { rgbImage } from "../../../src/image/rgb-image.js";
import { blurKernel, flipKernel } from "../../../src/kernel/blur-kernel.js";
import { wrappedPsf } from "../../../src/kernel/psf-to-otf.js";
import { dataStep, upsampleNearest } from "../../../src/model/usrnet/data-step.js";
import { hyperParameters } from "../../../src/model/usrnet/hyper-parameters.js";
import { ResUNet } from "../../../src/model/usrnet/res-unet.js";
import { UsrNet } from "../../../src/upscale/usrnet/usrnet.js";
import { USRNET_TINY } from "../../../src/weights/layouts/usrnet-layout.js";
import { parseSafetensors } from "../../../src/weights/safetensors.js";
import { maxDifference } from "../../support/difference.js";
import { useEngine } from "../../support/engine.js";
import { findReference } from "../../support/reference.js";
import { loadTrace, type TraceTensor, traceData } from "../../support/traces.js";

const WEIGHTS = findReference("reference/usrnet_tiny.safetensors", "the authors' USRNet");
const trace = loadTrace("usrnet") as Map<string, TraceTensor>;

const gpu = useEngine();

const SIZES = [
  [48, 48],
  [61, 45],
] as const;

// Compares with recorded runs of the authors' pipeline.
describe.skipIf(!trace || !WEIGHTS)("USRNet against the authors' own", () => {
  const weights = () => parseSafetensors(new Uint8Array(readFileSync(WEIGHTS as string)));
  const data = (name: string): Float32Array => Float32Array.from(traceData(trace, name));
  const kernelOf = (scale: number) => blurKernel(data(`kernel_x${scale}`), scale);

  it.each([2, 4] as const)("has the hyper-parameters of ×%s", (scale) => {
    for (const sigma of [0, 10]) {
      const { alpha, beta } = hyperParameters(weights(), sigma / 255, scale);
      const expected = traceData(trace, `hyper/x${scale}/sigma${sigma}`);
      [...alpha, ...beta].forEach((value, i) => {
        expect(value / (expected[i] as number), `value ${i}`).toBeCloseTo(1, 5);
      });
    }
  });

  it.each(SIZES)("has z1, x1 and z2 of %i×%i pixels, ×2, sigma 0", async (height, width) => {
    const { engine } = gpu;
    const file = weights();
    const { alpha, beta } = hyperParameters(file, 0, 2);
    const prior = new ResUNet(engine, USRNET_TINY);
    prior.parameters.write(new Map([...file.tensors].map(([name, tensor]) => [name, tensor.data])));
    const large = [2 * height, 2 * width] as const;
    const tape = new Tape(engine);
    const counter = new StepCounter(engine);
    const image = tape.constant(data(`lr_${height}x${width}`)).reshape([3, height, width]);
    const grid = tape.constant(wrappedPsf(kernelOf(2), ...large)).reshape([1, ...large]);
    const common = {
      spectrum: realFft2d(tape, image),
      blur: realFft2d(tape, grid),
      scale: 2,
      size: [height, width] as const,
      counter,
    };
    const step = (x: Tensor, i: number): Tensor =>
      dataStep(tape, x, { ...common, alphas: tape.constant(Float32Array.of(alpha[i] as number)) });
    const z1 = step(upsampleNearest(tape, image, 2), 0);
    const padded = padReplicate(
      tape,
      z1.reshape([1, 3, ...large]),
      [height, width].map((n) => Math.ceil(n / 4) * 8) as [number, number],
      {
        channel: { values: tape.constant(Float32Array.of(beta[0] as number)), counter },
      },
    );
    const x1 = trim(tape, prior.forward(tape, padded), large);
    const z2 = step(x1.reshape([3, ...large]), 1);
    const program = await tape.finish();
    program.run();
    for (const [name, tensor] of Object.entries({ z1, x1, z2 })) {
      const expected = traceData(trace, `inter/${height}x${width}/x2/sigma0/${name}`);
      expect(maxDifference(await engine.read(tensor), expected as Float64Array), name).toBeLessThan(5e-5);
    }
    program.dispose();
    prior.dispose();
    engine.free(counter.tensor);
  });

  it.each(
    SIZES.flatMap(([height, width]) =>
      ([2, 4] as const).flatMap((scale) => [0, 10].map((sigma) => ({ height, width, scale, sigma }))),
    ),
  )("has the image of $height×$width, ×$scale, sigma $sigma", async ({ height, width, scale, sigma }) => {
    const net = await UsrNet.load(gpu.engine, weights());
    const before = gpu.engine.memory.bytes;
    const image = rgbImage(width, height, data(`lr_${height}x${width}`));
    // Whichever way the kernel is written, it says so itself.
    const kernel = sigma > 0 ? flipKernel(kernelOf(scale)) : kernelOf(scale);
    const result = await net.upscale(image, { kernel, scale, sigma, boundary: "circular" });
    const expected = traceData(trace, `out/${height}x${width}/x${scale}/sigma${sigma}/f64`);
    expect([result.height, result.width]).toEqual([scale * height, scale * width]);
    expect(maxDifference(result.data, expected as Float64Array)).toBeLessThan(sigma > 0 ? 1e-5 : 5e-5);
    const mean = result.data.reduce((sum, value, i) => sum + Math.abs(value - (expected[i] as number)), 0);
    expect(mean / expected.length).toBeLessThan(2e-6);
    expect(gpu.engine.memory.bytes).toBe(before);
    net.dispose();
  });
});
