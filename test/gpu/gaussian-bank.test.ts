import { describe, expect, it } from "vitest";
import { Tape } from "../../src/engine/tape.js";
import { blurKernel } from "../../src/model/blur-kernel.js";
import { gaussianKernel } from "../../src/model/degradation/gaussian-kernel.js";
import { gaussianBankWeights } from "../../src/model/gaussian-bank.js";
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
  const weights = gaussianBankWeights(0);

  it("has their mean for its kernel, of sum 0.4, about as wide as the distribution's", async () => {
    const kernel = await kernelOf(weights);
    const sum = kernel.reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo(0.4, 4);
    const whole = blurKernel(
      Float32Array.from(kernel, (value) => value / sum),
      2,
    );
    const { xx, xy, yy } = kernelCovariance(whole);
    // The variances are uniform in [0.35, 5]; the widest are cut off a little.
    for (const variance of [xx, yy]) expect(Math.abs(variance - 2.675)).toBeLessThan(0.5);
    expect(Math.abs(xy)).toBeLessThan(0.4);
  });

  it("mixes in one Gaussian where one channel of its last layer grows", async () => {
    const last = weights.get("generator.5.weight") as Float32Array;
    const before = await kernelOf(weights);
    const widths: number[] = [];
    for (const channel of [0, 17, 63]) {
      const changed = last.slice();
      changed[channel] = 2 * (changed[channel] as number);
      const after = await kernelOf(new Map([...weights, ["generator.5.weight", changed]]));
      const added = after.map((value, i) => value - (before[i] as number));
      const sum = added.reduce((total, value) => total + value, 0);
      const { xx, xy, yy } = kernelCovariance(
        blurKernel(
          added.map((value) => value / sum),
          2,
        ),
      );
      const root = Math.hypot((xx - yy) / 2, xy);
      const [lambda1, lambda2] = [(xx + yy) / 2 + root, (xx + yy) / 2 - root];
      const theta = Math.atan2(2 * xy, xx - yy) / 2;
      const gaussian = gaussianKernel({ lambda1, lambda2, theta });
      const error = Math.hypot(...added.map((value, i) => value / sum - (gaussian.values[i] as number)));
      expect(error / Math.hypot(...gaussian.values), `channel ${channel}`).toBeLessThan(0.1);
      widths.push(lambda1);
    }
    expect(new Set(widths.map((width) => width.toFixed(2))).size).toBe(3);
  });

  it("is another for another seed, beside a discriminator that is untrained", () => {
    const other = gaussianBankWeights(1);
    for (const name of ["generator.0.weight", "discriminator.conv.3.weight_orig"]) {
      expect(other.get(name)).not.toEqual(weights.get(name));
      expect(gaussianBankWeights(0).get(name)).toEqual(weights.get(name));
    }
  });
});
