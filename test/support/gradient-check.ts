import { expect } from "vitest";
import type { Engine } from "../../src/engine/device/engine.js";
import { l1Loss } from "../../src/engine/ops/losses/l1-loss.js";
import { Parameters } from "../../src/engine/optimizers/parameters.js";
import { RandomStream } from "../../src/engine/random.js";
import { type LossTerm, Tape } from "../../src/engine/recording/tape.js";
import type { Tensor } from "../../src/engine/tensors/tensor.js";
import { type NdArray, ndArray } from "../oracle/nd-array.js";

type Arrays<Name extends string> = Readonly<Record<Name, NdArray>>;

/** An operation under test beside its float64 twin. */
export interface OpCase<Name extends string> {
  readonly inputs: Arrays<Name>;
  /** Inputs that live in one buffer, as an operation may ask; every other one has a buffer of its own. */
  readonly together?: readonly (readonly NoInfer<Name>[])[];
  readonly record: (tape: Tape, tensors: Readonly<Record<Name, Tensor>>) => readonly Tensor[];
  readonly oracle: (inputs: Arrays<Name>) => readonly NdArray[];
  /**
   * The oracle to differentiate, where the gradient holds something constant that the forward pass computes.
   */
  readonly differentiable?: (inputs: Arrays<Name>) => readonly NdArray[];
  /** Inputs whose gradients are checked; none for a forward check alone. */
  readonly wrt: readonly NoInfer<Name>[];
  /** Weight in the objective of an operation that is itself a loss. */
  readonly lossWeight?: number;
  /**
   * How often the program is run before its results are read: a replay must not add to the last one's
   * gradients.
   */
  readonly runs?: number;
  /** Frees what `record` made beside the tape's tensors. */
  readonly dispose?: () => void;
}

/** Results of an oracle: outputs, signs of the incoming gradients, and gradients by name. */
interface OracleResult {
  readonly expected: readonly NdArray[];
  readonly signs: readonly (readonly Float64Array[])[];
  readonly gradients: Readonly<Record<string, Float64Array>>;
}

/** What float32 loses to float64 in sums of this length, with room for a driver's own rounding. */
const TOLERANCE = 5e-6;

/** The weights of the two L1 losses through which an output's gradient comes in. */
const LOSS_WEIGHTS = [0.7, 0.4];

/** Smaller steps would lose digits, and larger ones leave the straight part of a function. */
const STEP = 2 ** -17;

/** Norm of the difference over norm of the expected values; plain norm where those are all zero. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += ((actual[i] as number) - (expected[i] as number)) ** 2;
    norm += (expected[i] as number) ** 2;
  }
  return Math.sqrt(difference / (norm || 1));
}

/** Normal values that float32 holds exactly, so that GPU and oracle start from the same ones. */
export function randomArray(random: RandomStream, shape: readonly number[], scale = 1): NdArray {
  const array = ndArray(shape);
  for (let i = 0; i < array.data.length; i++) array.data[i] = Math.fround(scale * random.normal());
  return array;
}

/** A whole number from low to high, both included. */
export function randomInteger(random: RandomStream, low: number, high: number): number {
  return Math.floor(random.uniformIn(low, high + 1));
}

/** An array as a tensor. */
export function upload(engine: Engine, { shape, data }: NdArray, label?: string): Tensor {
  return engine.tensor(shape, { data: Float32Array.from(data), label });
}

/**
 * Runs an operation on each engine, and compares its outputs with the oracle's and its gradients with the
 * oracle's central differences, by the norm of the difference over the norm. The incoming gradients vary in
 * sign and size: they come from two L1 losses, whose references are so far from the outputs that |x| has no
 * kink nearby.
 */
export async function expectMatches<Name extends string>(
  engines: Engine | readonly Engine[],
  test: OpCase<Name>,
  tolerance = TOLERANCE,
): Promise<void> {
  const result = differentiateOracle(test);
  for (const engine of [engines].flat()) {
    const before = engine.memory.bytes;
    const { outputs, gradients } = await runOnGpu(engine, test, result);
    outputs.forEach((output, i) => {
      expect(relativeError(output, result.expected[i]?.data ?? []), "forward").toBeLessThanOrEqual(tolerance);
    });
    for (const [name, gradient] of Object.entries(gradients)) {
      const error = relativeError(gradient, result.gradients[name] ?? []);
      expect(error, `gradient of ${name}`).toBeLessThanOrEqual(tolerance);
    }
    expect(engine.memory.bytes - before, "bytes left behind").toBe(0);
  }
}

async function runOnGpu<Name extends string>(
  engine: Engine,
  test: OpCase<Name>,
  { expected, signs }: OracleResult,
): Promise<{ outputs: Float32Array[]; gradients: Record<string, Float32Array> }> {
  const { tensors, wholes } = uploadAll(engine, test);
  const tape = new Tape(engine);
  const outputs = test.record(tape, tensors);
  expect(outputs.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  if (test.wrt.length > 0) {
    const parameters = test.wrt.map((name) => tensors[name]);
    tape.backward(objective(tape, outputs, test.lossWeight, { expected, signs }), parameters);
  }
  const program = await tape.finish();
  program.run(test.runs ?? 2);

  const values: Float32Array[] = [];
  for (const output of outputs) values.push(await engine.read(output));
  const gradients: Record<string, Float32Array> = {};
  for (const name of test.wrt) gradients[name] = await engine.read(tape.gradient(tensors[name]));
  program.dispose();
  test.dispose?.();
  for (const whole of wholes) engine.free(whole);
  return { outputs: values, gradients };
}

/**
 * The operation's own loss, or L1 losses of its outputs whose gradients have the signs that the oracle was
 * given.
 */
function objective(
  tape: Tape,
  outputs: readonly Tensor[],
  lossWeight: number | undefined,
  { expected, signs }: Pick<OracleResult, "expected" | "signs">,
): LossTerm[] {
  if (lossWeight !== undefined) return outputs.map((loss) => ({ loss, weight: lossWeight }));
  return outputs.flatMap((output, i) =>
    LOSS_WEIGHTS.map((weight, which) => {
      const sign = (j: number): number => signs[i]?.[which]?.[j] as number;
      const { data } = expected[i] as NdArray;
      const away = Float32Array.from(data, (value, j) => value - sign(j) * (1 + Math.abs(value)));
      return { loss: l1Loss(tape, output, tape.constant(away)), weight };
    }),
  );
}

function uploadAll<Name extends string>(
  engine: Engine,
  { inputs, together = [] }: OpCase<Name>,
): { tensors: Record<Name, Tensor>; wholes: Tensor[] } {
  const tensors = {} as Record<Name, Tensor>;
  const wholes: Tensor[] = [];
  for (const names of together) {
    const shapes = names.map((name) => ({ name, shape: inputs[name].shape }));
    const parameters = new Parameters(engine, shapes, "inputs");
    parameters.write(new Map(names.map((name) => [name, Float32Array.from(inputs[name].data)])));
    for (const name of names) tensors[name] = parameters.get(name);
    wholes.push(parameters.whole);
  }
  for (const name of Object.keys(inputs) as Name[]) {
    if (name in tensors) continue;
    tensors[name] = upload(engine, inputs[name], name);
    wholes.push(tensors[name]);
  }
  return { tensors, wholes };
}

/** Computes the oracle's outputs, and its gradients for incoming gradients that a fixed seed draws. */
function differentiateOracle<Name extends string>(test: OpCase<Name>): OracleResult {
  const expected = test.oracle(test.inputs);
  const random = new RandomStream(1, 77);
  const signs = expected.map(({ data }) =>
    LOSS_WEIGHTS.map(() => data.map(() => (random.uniform() < 0.5 ? -1 : 1))),
  );
  const sum = (i: number, j: number): number =>
    LOSS_WEIGHTS.reduce((total, weight, which) => total + weight * (signs[i]?.[which]?.[j] as number), 0);
  const incoming = expected.map(({ data }, i) => data.map((_, j) => test.lossWeight ?? sum(i, j)));
  const gradients = Object.fromEntries(
    test.wrt.map((name) => [name, centralDifferences(test, name, incoming)]),
  );
  return { expected, signs, gradients };
}

/** The gradient of Σ incoming · outputs with respect to one input, by (f(x + h) − f(x − h)) / 2h. */
function centralDifferences<Name extends string>(
  { inputs, oracle, differentiable = oracle }: OpCase<Name>,
  name: Name,
  incoming: readonly Float64Array[],
): Float64Array {
  const { shape, data } = inputs[name];
  const moved = { ...inputs, [name]: { shape, data: data.slice() } };
  const value = (i: number, x: number): number => {
    moved[name].data[i] = x;
    let sum = 0;
    differentiable(moved).forEach((output, k) => {
      output.data.forEach((y, j) => {
        sum += y * (incoming[k]?.[j] as number);
      });
    });
    return sum;
  };
  return data.map((x, i) => {
    const difference = value(i, x + STEP) - value(i, x - STEP);
    moved[name].data[i] = x;
    return difference / (2 * STEP);
  });
}
