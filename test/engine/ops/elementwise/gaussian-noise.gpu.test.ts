import { describe, expect, it } from "vitest";
import { gaussianNoise } from "../../../../src/engine/ops/elementwise/gaussian-noise.js";
import { advance } from "../../../../src/engine/recording/history.js";
import { StepCounter } from "../../../../src/engine/recording/step-counter.js";
import { Tape } from "../../../../src/engine/recording/tape.js";
import { normals } from "../../../oracle/gaussian-noise.js";
import { useEngine } from "../../../support/engine.js";

const gpu = useEngine();

/** The noise of several steps, on top of zeros. */
async function draw(
  count: number,
  { seed = 5, stream = 1000, sigma = 1, steps = 1 } = {},
): Promise<Float32Array[]> {
  const { engine } = gpu;
  const counter = new StepCounter(engine);
  counter.reset(seed);
  const tape = new Tape(engine);
  const noisy = gaussianNoise(tape, tape.tensor([count]), { sigma, counter, stream });
  advance(tape, counter);
  const program = await tape.finish();
  const drawn: Float32Array[] = [];
  for (let step = 0; step < steps; step++) {
    program.run();
    drawn.push(await engine.read(noisy));
  }
  program.dispose();
  engine.free(counter.tensor);
  return drawn;
}

function correlation(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0) / a.length;
}

describe("gaussianNoise", () => {
  // Logarithm, square root and the sums of the series each round a little differently from device to device.
  it.each([
    { count: 1, seed: 0, stream: 1000, sigma: 1 / 255 },
    { count: 6144, seed: 0xffffffff, stream: 1000, sigma: 1 / 255 },
    { count: 333, seed: 18, stream: 7, sigma: 2 },
  ])("is the noise that the CPU draws: $count values, seed $seed", async ({ count, seed, stream, sigma }) => {
    const drawn = await draw(count, { seed, stream, sigma, steps: 3 });
    for (const [step, values] of drawn.entries()) {
      const expected = normals(count, seed, stream, step);
      const worst = Math.max(...values.map((value, i) => Math.abs(value / sigma - (expected[i] as number))));
      expect(worst).toBeLessThan(5e-6);
    }
  });

  it("is added to what it is given", async () => {
    const { engine } = gpu;
    const counter = new StepCounter(engine);
    counter.reset(3);
    const tape = new Tape(engine);
    const given = Float32Array.from({ length: 9 }, (_, i) => i - 4);
    const noisy = gaussianNoise(tape, tape.constant(given), { sigma: 0.5, counter, stream: 2 });
    const program = await tape.finish();
    program.run();
    const expected = normals(9, 3, 2, 0);
    (await engine.read(noisy)).forEach((value, i) => {
      expect(value).toBeCloseTo((given[i] as number) + 0.5 * (expected[i] as number), 5);
    });
    program.dispose();
    engine.free(counter.tensor);
  });

  it("has mean 0, variance 1 and no tails missing", async () => {
    const count = 100_000;
    const [values = new Float32Array()] = await draw(count);
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
    const kurtosis = values.reduce((sum, value) => sum + (value - mean) ** 4, 0) / count / variance ** 2;
    // Five standard errors.
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
    expect(Math.abs(kurtosis - 3)).toBeLessThan(5 * Math.sqrt(24 / count));
    const beyond = values.filter((value) => Math.abs(value) > 2).length / count;
    expect(beyond).toBeCloseTo(0.0455, 2);
  });

  it("differs from step to step, from stream to stream and from seed to seed", async () => {
    const count = 10_000;
    const [first, second] = (await draw(count, { steps: 2 })) as [Float32Array, Float32Array];
    const [otherStream] = (await draw(count, { stream: 1001 })) as [Float32Array];
    const [otherSeed] = (await draw(count, { seed: 6 })) as [Float32Array];
    for (const other of [second, otherStream, otherSeed]) {
      expect(Math.abs(correlation(first, other))).toBeLessThan(5 / Math.sqrt(count));
    }
    const odd = first.filter((_, i) => i % 2 === 1);
    const even = first.filter((_, i) => i % 2 === 0);
    expect(Math.abs(correlation(odd, even))).toBeLessThan(5 / Math.sqrt(count / 2));
  });

  it("is the same to the bit for the same seed", async () => {
    expect(await draw(1000, { steps: 2 })).toEqual(await draw(1000, { steps: 2 }));
  });
});
