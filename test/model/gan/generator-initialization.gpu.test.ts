import { describe, expect, it } from "vitest";
import { Tape } from "../../../src/engine/recording/tape.js";
import { blurKernel } from "../../../src/kernel/blur-kernel.js";
import { kernelCovariance } from "../../../src/kernel/metrics/kernel-metrics.js";
import { Generator } from "../../../src/model/gan/generator.js";
import { generatorInitialization } from "../../../src/model/gan/generator-initialization.js";
import { GENERATOR_PARAMETERS } from "../../../src/weights/layouts/gan-layout.js";
import { useEngine } from "../../support/engine.js";

const gpu = useEngine();

/** The kernel of a generator. */
async function kernelOf(weights: ReadonlyMap<string, Float32Array>): Promise<Float32Array> {
  const generator = new Generator(gpu.engine);
  generator.parameters.write(weights);
  const tape = new Tape(gpu.engine);
  generator.chain.refresh(tape);
  const program = await tape.finish();
  program.run();
  const kernel = await gpu.engine.read(generator.chain.output);
  program.dispose();
  generator.dispose();
  return kernel;
}

const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);

describe("a generator that is a Gaussian and its derivatives", () => {
  const weights = generatorInitialization();

  it("has a round Gaussian of the distribution's mean width for its kernel", async () => {
    const kernel = await kernelOf(weights);
    expect(sum(kernel)).toBeCloseTo(1, 5);
    const { xx, xy, yy } = kernelCovariance(blurKernel(kernel, 2));
    // The mean variance of the paper's kernels is 2.675, or 2.6 within the 11×11 grid.
    for (const variance of [xx, yy]) expect(Math.abs(variance - 2.6)).toBeLessThan(0.15);
    expect(Math.abs(xy)).toBeLessThan(1e-5);
  });

  it("widens the kernel and leans it over, and keeps its sum, where a channel of its last layer grows", async () => {
    const last = weights.get("generator.5.weight") as Float32Array;
    const before = await kernelOf(weights);
    const change = async (channel: number): Promise<{ xx: number; xy: number; yy: number }> => {
      const changed = last.slice();
      changed[channel] = 0.01;
      const kernel = await kernelOf(new Map([...weights, ["generator.5.weight", changed]]));
      expect(sum(kernel), `channel ${channel}`).toBeCloseTo(1, 5);
      const [a, b] = [before, kernel].map((values) => kernelCovariance(blurKernel(values, 2)));
      if (!a || !b) throw new Error("no covariance");
      return { xx: b.xx - a.xx, xy: b.xy - a.xy, yy: b.yy - a.yy };
    };
    const [wider, along, across] = [await change(1), await change(2), await change(3)];
    expect(Math.abs(wider.xx)).toBeGreaterThan(0.01);
    expect(wider.yy / wider.xx).toBeCloseTo(1, 3);
    expect(Math.abs(along.xx)).toBeGreaterThan(0.01);
    // The grid reaches half a pixel further on one side.
    expect(along.yy / along.xx).toBeCloseTo(-1, 1);
    expect(Math.abs(across.xy)).toBeGreaterThan(0.01);
    for (const { xx, xy } of [wider, along]) expect(Math.abs(xy / xx)).toBeLessThan(0.1);
    for (const off of [across.xx, across.yy]) expect(Math.abs(off / across.xy)).toBeLessThan(0.1);
  });

  it("has every layer of a generator", () => {
    expect([...weights.keys()]).toEqual(GENERATOR_PARAMETERS.map(({ name }) => name));
  });
});
