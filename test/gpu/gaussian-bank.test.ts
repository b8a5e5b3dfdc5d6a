import { describe, expect, it } from "vitest";
import { Tape } from "../../src/engine/tape.js";
import { blurKernel } from "../../src/model/blur-kernel.js";
import { gaussianKernel } from "../../src/model/degradation/gaussian-kernel.js";
import { GENERATOR_PARAMETERS } from "../../src/model/gan-layout.js";
import { gaussianBank } from "../../src/model/gaussian-bank.js";
import { Generator } from "../../src/model/generator.js";
import { kernelCovariance } from "../../src/model/metrics/kernel-metrics.js";
import { useEngine } from "../support/engine.js";

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

describe("a generator that is a bank of Gaussians", () => {
  const weights = gaussianBank(0);

  it("has their mean for its kernel, of sum 0.25, about as wide as the distribution's", async () => {
    const kernel = await kernelOf(weights);
    const sum = kernel.reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo(0.25, 4);
    const whole = blurKernel(
      Float32Array.from(kernel, (value) => value / sum),
      2,
    );
    const { xx, xy, yy } = kernelCovariance(whole);
    // The variances are uniform in [0.35, 5], and the 7×7 kernels cut the widest off: a quarter is room enough.
    for (const variance of [xx, yy]) expect(Math.abs(variance / 2.675 - 1)).toBeLessThan(0.25);
    expect(Math.abs(xy)).toBeLessThan(0.4);
  });

  it("mixes in a Gaussian, less half of a mean one, where one channel of its last layer grows", async () => {
    const last = weights.get("generator.5.weight") as Float32Array;
    const before = await kernelOf(weights);
    /** What a channel adds, of the sum it has in the bank. */
    const channel = async (c: number): Promise<Float32Array> => {
      const changed = last.slice();
      changed[c] = (changed[c] as number) + 1;
      const after = await kernelOf(new Map([...weights, ["generator.5.weight", changed]]));
      const added = after.map((value, i) => value - (before[i] as number));
      const sum = added.reduce((total, value) => total + value, 0);
      return added.map((value) => ((c === 0 ? 1 : 0.5) * value) / sum);
    };
    const mean = await channel(0);
    const widths: number[] = [];
    for (const c of [1, 17, 63]) {
      const values = (await channel(c)).map((value, i) => value + 0.5 * (mean[i] as number));
      const { xx, xy, yy } = kernelCovariance(blurKernel(values, 2));
      const root = Math.hypot((xx - yy) / 2, xy);
      const [lambda1, lambda2] = [(xx + yy) / 2 + root, (xx + yy) / 2 - root];
      const theta = Math.atan2(2 * xy, xx - yy) / 2;
      const gaussian = gaussianKernel({ lambda1, lambda2, theta });
      const error = Math.hypot(...values.map((value, i) => value - (gaussian.values[i] as number)));
      // Within what the 7×7 kernel cuts off; half a mean more or less would be 0.5.
      expect(error / Math.hypot(...gaussian.values), `channel ${c}`).toBeLessThan(0.2);
      widths.push(lambda1);
    }
    expect(new Set(widths.map((width) => width.toFixed(2))).size).toBe(3);
  });

  it("is another for another seed", () => {
    const name = "generator.0.weight";
    expect(gaussianBank(1).get(name)).not.toEqual(weights.get(name));
    expect(gaussianBank(0).get(name)).toEqual(weights.get(name));
    expect([...weights.keys()]).toEqual(GENERATOR_PARAMETERS.map((each) => each.name));
  });
});
