import { describe, expect, it } from "vitest";
import { sigmoid } from "../../../src/engine/ops/elementwise/sigmoid.js";
import { l1Loss } from "../../../src/engine/ops/losses/l1-loss.js";
import { adam } from "../../../src/engine/optimizers/adam.js";
import { muon } from "../../../src/engine/optimizers/muon.js";
import { Parameters } from "../../../src/engine/optimizers/parameters.js";
import { sgd } from "../../../src/engine/optimizers/sgd.js";
import { RandomStream } from "../../../src/engine/random.js";
import { advance, writeHistoryRow } from "../../../src/engine/recording/history.js";
import { StepCounter } from "../../../src/engine/recording/step-counter.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import { Adam, Muon, sgd as sgdOracle } from "../../oracle/optimizers.js";
import { useEngine } from "../../support/engine.js";

const gpu = useEngine();

const STEPS = 12;
const RATES = Float32Array.from({ length: STEPS }, (_, step) => (step < 7 ? 0.3 : 0.02));

/** Two parameters, of sizes that leave gaps between them. */
function start(): number[] {
  const random = new RandomStream(1, 15);
  return Array.from({ length: 75 }, () => Math.fround(random.normal()));
}

/** The gradient of Σ |sigmoid(p) − 2|, and ten times that for the second parameter. */
function gradients(p: readonly number[]): number[] {
  return p.map((value, i) => {
    const y = 1 / (1 + Math.exp(-value));
    return -(i < 5 ? 1 : 10) * y * (1 - y);
  });
}

/** The parameters after each step on the GPU, and their gaps at the end. */
async function train(
  update: (tape: Tape, parameters: Parameters, counter: StepCounter) => void,
): Promise<{ history: number[][]; gaps: number[] }> {
  const { engine } = gpu;
  const parameters = new Parameters(
    engine,
    [
      { name: "a", shape: [5] },
      { name: "b", shape: [70] },
    ],
    "parameters",
  );
  const values = Float32Array.from(start());
  parameters.write(
    new Map([
      ["a", values.slice(0, 5)],
      ["b", values.slice(5)],
    ]),
  );
  const counter = new StepCounter(engine);
  counter.reset(0);
  const tape = new Tape(engine);
  const history = tape.tensor([STEPS, parameters.whole.size]);
  const losses = parameters.names.map((name, i) => {
    const y = sigmoid(tape, parameters.get(name));
    return { loss: l1Loss(tape, y, tape.constant(new Float32Array(y.size).fill(2))), weight: i ? 10 : 1 };
  });
  tape.backward(losses, [parameters.whole]);
  update(tape, parameters, counter);
  writeHistoryRow(tape, parameters.whole, counter, history);
  advance(tape, counter);
  const program = await tape.finish();
  program.run(STEPS);
  const all = await engine.read(history);
  const size = parameters.whole.size;
  const rows = Array.from({ length: STEPS }, (_, step) => all.slice(step * size, (step + 1) * size));
  expect([...(await engine.readUint32(counter.tensor))]).toEqual([STEPS, 0]);
  program.dispose();
  engine.free(parameters.whole);
  engine.free(counter.tensor);
  const pick = (row: Float32Array): number[] => [...row.slice(0, 5), ...row.slice(64, 134)];
  const last = rows[STEPS - 1] as Float32Array;
  return { history: rows.map(pick), gaps: [...last.slice(5, 64), ...last.slice(134)] };
}

function expectClose(actual: readonly number[][], expected: readonly number[][]): void {
  actual.forEach((row, step) => {
    const worst = Math.max(...row.map((value, i) => Math.abs(value - (expected[step]?.[i] as number))));
    expect(worst, `step ${step + 1}`).toBeLessThan(1e-6);
  });
}

describe("sgd", () => {
  it("equals float64 steps, with the rate of each step and the size of each parameter", async () => {
    const sizeOf = (name: string) => (name === "a" ? 0.5 : 0.75);
    const { history, gaps } = await train((tape, parameters, counter) =>
      sgd(
        tape,
        parameters,
        { rates: tape.constant(RATES), rateMultipliers: parameters.broadcast(tape, sizeOf) },
        counter,
      ),
    );
    let p = start();
    const expected = Array.from(RATES, (rate) => {
      const sized = gradients(p).map((gradient, i) => (i < 5 ? 0.5 : 0.75) * gradient);
      p = sgdOracle(p, sized, rate);
      return p;
    });
    expectClose(history, expected);
    expect(gaps.every((value) => value === 0)).toBe(true);
  });
});

describe("adam", () => {
  it.each([{ rate: 0.05 }, { rate: 0.02, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }])(
    "equals float64 steps: %o",
    async (options) => {
      const { history, gaps } = await train((tape, parameters, counter) => {
        adam(tape, parameters, tape.gradient(parameters.whole), counter, STEPS, options);
      });
      const optimizer = new Adam(options.rate, options.beta1, options.beta2, options.epsilon);
      let p = start();
      const expected = Array.from({ length: STEPS }, () => {
        p = optimizer.update(p, gradients(p));
        return p;
      });
      expectClose(history, expected);
      expect(gaps.every((value) => value === 0)).toBe(true);
    },
  );
});

describe("muon", () => {
  const shapes = [
    { name: "a", shape: [5, 3, 3, 3] },
    { name: "b", shape: [2, 2, 1, 1] },
    { name: "c", shape: [4, 6] },
  ];

  async function trained(
    steps: number,
    rate: (step: number) => number,
  ): Promise<Map<string, Float32Array>[]> {
    const { engine } = gpu;
    const parameters = new Parameters(engine, shapes, "parameters");
    const gradient = new Parameters(engine, shapes, "gradient");
    parameters.write(valuesOf(0));
    const counter = new StepCounter(engine);
    counter.reset(0);
    const tape = new Tape(engine);
    muon(tape, parameters, gradient.whole, counter, steps, { rate, beta2: 0.99 });
    advance(tape, counter);
    const program = await tape.finish();
    const history: Map<string, Float32Array>[] = [];
    for (let step = 0; step < steps; step++) {
      gradient.write(valuesOf(step + 1));
      program.run();
      history.push(await parameters.read());
    }
    for (const each of [program, counter, parameters, gradient]) each.dispose();
    return history;
  }

  function valuesOf(seed: number): Map<string, Float32Array> {
    const random = new RandomStream(seed, 16);
    return new Map(
      shapes.map(({ name, shape }) => {
        const size = shape.reduce((a, b) => a * b);
        return [name, Float32Array.from({ length: size }, () => random.normal())];
      }),
    );
  }

  it("equals float64 steps: of convolutions' weights as matrices, and Adam's of all others", async () => {
    const rate = (step: number): number => 0.1 / (step + 1);
    const history = await trained(4, rate);
    const optimizers = [new Muon(5), new Muon(2)];
    let [a = [], b = [], c = []] = [...valuesOf(0).values()].map((values) => [...values]);
    const adams = new Adam(1, 0.9, 0.99);
    history.forEach((found, step) => {
      const [ga = [], gb = [], gc = []] = [...valuesOf(step + 1).values()].map((values) => [...values]);
      a = (optimizers[0] as Muon).update(a, ga, rate(step));
      b = (optimizers[1] as Muon).update(b, gb, rate(step));
      const after = adams.update(c, gc);
      c = c.map((value, i) => value + rate(step) * ((after[i] as number) - value));
      const names = ["a", "b", "c"];
      expectClose(
        names.map((name) => [...(found.get(name) ?? [])]),
        [a, b, c],
      );
    });
  });

  it("refuses weights in another order, and of more channels than they see", () => {
    const refused = [
      [
        { name: "c", shape: [4, 6] },
        { name: "a", shape: [5, 3, 3, 3] },
      ],
      [{ name: "a", shape: [10, 1, 3, 3] }],
      [{ name: "a", shape: [65, 65, 3, 3] }],
      [{ name: "c", shape: [4, 6] }],
    ];
    for (const each of refused) {
      const parameters = new Parameters(gpu.engine, each, "parameters");
      const tape = new Tape(gpu.engine);
      const counter = new StepCounter(gpu.engine);
      const record = () => muon(tape, parameters, parameters.whole, counter, 1, { rate: () => 1 });
      expect(record).toThrow(/Muon wants weights of at most 64 channels before/);
      for (const owner of [tape, counter, parameters]) owner.dispose();
    }
  });
});

describe("StepCounter, record and advance", () => {
  it("count steps, keep the seed and fill a row for each step", async () => {
    const { engine } = gpu;
    const counter = new StepCounter(engine);
    counter.reset(-1);
    expect([...(await engine.readUint32(counter.tensor))]).toEqual([0, 0xffffffff]);
    const tape = new Tape(engine);
    const history = tape.tensor([3, 5]);
    const values = engine.tensor([5]);
    writeHistoryRow(tape, values, counter, history);
    advance(tape, counter);
    const program = await tape.finish();
    for (let step = 0; step < 2; step++) {
      engine.write(
        values,
        Float32Array.from({ length: 5 }, (_, i) => 10 * (step + 1) + i),
      );
      program.run();
    }
    expect([...(await engine.read(history))]).toEqual([
      10, 11, 12, 13, 14, 20, 21, 22, 23, 24, 0, 0, 0, 0, 0,
    ]);
    counter.reset(7);
    program.run();
    expect([...(await engine.read(history))].slice(0, 5)).toEqual([20, 21, 22, 23, 24]);
    expect([...(await engine.readUint32(counter.tensor))]).toEqual([1, 7]);
    program.dispose();
    engine.free(values);
    engine.free(counter.tensor);
  });
});
