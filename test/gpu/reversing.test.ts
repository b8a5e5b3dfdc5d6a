import { describe, expect, it } from "vitest";
import { StepCounter } from "../../src/engine/counter.js";
import { axpy } from "../../src/engine/ops/axpy.js";
import { clippedSum } from "../../src/engine/ops/clipped-sum.js";
import { gaussianNoise } from "../../src/engine/ops/gaussian-noise.js";
import { l1Loss } from "../../src/engine/ops/losses.js";
import { probe } from "../../src/engine/ops/probe.js";
import { advance, recall, record } from "../../src/engine/ops/record.js";
import { RandomStream } from "../../src/engine/random.js";
import { Tape } from "../../src/engine/tape.js";
import { useEngine } from "../support/engine.js";
import { relativeError } from "../support/gradient-check.js";

const gpu = useEngine();

function values(seed: number, count: number, scale = 1): Float32Array {
  const random = new RandomStream(seed, 61);
  return Float32Array.from({ length: count }, () => scale * random.normal());
}

describe("recall", () => {
  it("brings back what was recorded, the last step first", async () => {
    const { engine } = gpu;
    const counter = new StepCounter(engine);
    counter.reset(0);
    const state = engine.tensor([70], { data: values(1, 70) });
    const first = await engine.read(state);
    const forward = new Tape(engine);
    const history = engine.tensor([3, 70]);
    record(forward, state, counter, history);
    advance(forward, counter);
    const back = new Tape(engine);
    advance(back, counter, -1);
    recall(back, history, counter, state);
    const [there, again] = [await forward.finish(), await back.finish()];
    for (const step of [0, 1, 2]) {
      engine.write(
        state,
        first.map((value) => value + step),
      );
      there.run();
    }
    for (const step of [2, 1, 0]) {
      again.run();
      expect(await engine.read(state)).toEqual(first.map((value) => value + step));
    }
  });
});

describe("probe", () => {
  it("gives minus the derivative of a gradient along a step", async () => {
    const { engine } = gpu;
    // The gradient of Σ c p³ / 3 is c p², and its derivative along w is 2 c p w.
    const count = 400;
    const [p, d, c] = [values(2, count), values(3, count), values(4, count)];
    const sizes = Float32Array.from(p, (_, i) => (i < 100 ? 0.5 : 2));
    const rates = Float32Array.of(9, 0.1);
    const counter = new StepCounter(engine);
    counter.reset(0, 1);
    const zero = new StepCounter(engine);
    zero.reset(0);
    const parameters = engine.tensor([count], { data: p });
    const adjoint = engine.tensor([count], { data: d });
    const gradient = engine.tensor([count]);
    const tape = new Tape(engine);
    const steps = { rates: tape.constant(rates), sizes: tape.constant(sizes) };
    const along = probe(tape, parameters, adjoint, steps, counter);
    const prepare = await tape.finish();
    const move = async (length: typeof along.there): Promise<void> => {
      const moving = new Tape(engine);
      axpy(moving, along.direction, length, zero, parameters);
      (await moving.finish()).run();
    };
    prepare.run();
    for (const [side, length] of [along.there, along.across].entries()) {
      await move(length);
      const at = await engine.read(parameters);
      engine.write(
        gradient,
        at.map((value, i) => (c[i] as number) * value * value),
      );
      const adding = new Tape(engine);
      axpy(adding, gradient, along.weights[side] as typeof along.there, zero, adjoint);
      (await adding.finish()).run();
    }
    const expected = d.map((value, i) => {
      const w = 0.1 * (sizes[i] as number) * value;
      return value - 2 * (c[i] as number) * (p[i] as number) * w;
    });
    // Two thousandths of p to either side leave four digits of a gradient's seven.
    expect(relativeError(await engine.read(adjoint), expected)).toBeLessThan(1e-3);
  });

  it("moves nothing along a step of length zero", async () => {
    const { engine } = gpu;
    const parameters = engine.tensor([8], { data: values(5, 8) });
    const counter = new StepCounter(engine);
    counter.reset(0);
    const tape = new Tape(engine);
    const steps = { rates: tape.constant(Float32Array.of(1)) };
    const along = probe(tape, parameters, engine.tensor([8]), steps, counter);
    axpy(tape, along.direction, along.there, counter, parameters);
    (await tape.finish()).run();
    expect(await engine.read(parameters)).toEqual(values(5, 8));
    for (const weight of along.weights) {
      expect(Math.abs((await engine.read(weight))[0] as number)).toBeLessThan(1e-6);
    }
  });
});

describe("clippedSum", () => {
  const x = values(6, 300);
  const length = Math.hypot(...x);

  it.each([
    { what: "adds what is short as it is", limit: 2 * length, factor: 0.5 },
    { what: "shortens what is long", limit: length / 10, factor: 0.05 },
  ])("$what", async ({ limit, factor }) => {
    const y = values(7, 300);
    const sum = gpu.engine.tensor([300], { data: y });
    const tape = new Tape(gpu.engine);
    clippedSum(tape, tape.constant(x), { weight: 0.5, limit }, sum);
    (await tape.finish()).run();
    const expected = y.map((value, i) => value + factor * (x[i] as number));
    expect(relativeError(await gpu.engine.read(sum), expected)).toBeLessThan(1e-6);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("leaves out what holds %d", async (bad) => {
    const y = values(8, 300);
    const sum = gpu.engine.tensor([300], { data: y });
    const tape = new Tape(gpu.engine);
    const broken = x.slice();
    broken[123] = bad;
    clippedSum(tape, tape.constant(broken), { weight: 1, limit: 1 }, sum);
    (await tape.finish()).run();
    expect(await gpu.engine.read(sum)).toEqual(y);
  });
});

describe("the gradient of gaussianNoise", () => {
  it("goes through as it is", async () => {
    const { engine } = gpu;
    const counter = new StepCounter(engine);
    counter.reset(3);
    const x = engine.tensor([64], { data: values(9, 64) });
    const tape = new Tape(engine);
    const noisy = gaussianNoise(tape, x, { sigma: 0.1, counter, stream: 1 });
    const loss = l1Loss(tape, noisy, tape.constant(new Float32Array(64).fill(99)));
    tape.backward([{ loss, weight: 0.25 }], [x]);
    (await tape.finish()).run();
    expect(await engine.read(tape.gradient(x))).toEqual(new Float32Array(64).fill(-0.25));
  });
});
