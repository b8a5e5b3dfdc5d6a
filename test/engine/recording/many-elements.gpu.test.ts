import { describe, expect, it } from "vitest";
import { Engine } from "../../../src/engine/device/engine.js";
import { unfold } from "../../../src/engine/ops/convolution/unfold.js";
import { addBias } from "../../../src/engine/ops/elementwise/add-bias.js";
import { gaussianNoise } from "../../../src/engine/ops/elementwise/gaussian-noise.js";
import { sigmoid } from "../../../src/engine/ops/elementwise/sigmoid.js";
import { axpy } from "../../../src/engine/ops/linear-algebra/axpy.js";
import { transpose } from "../../../src/engine/ops/linear-algebra/transpose.js";
import { l1Loss } from "../../../src/engine/ops/losses/l1-loss.js";
import { crop } from "../../../src/engine/ops/rearrange/crop.js";
import { adam } from "../../../src/engine/optimizers/adam.js";
import { sgd } from "../../../src/engine/optimizers/sgd.js";
import { RandomStream } from "../../../src/engine/random.js";
import { MAX_WORKGROUPS } from "../../../src/engine/recording/launch.js";
import { StepCounter } from "../../../src/engine/recording/step-counter.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import type { Tensor } from "../../../src/engine/tensors/tensor.js";
import { useEngine } from "../../support/engine.js";

const gpu = useEngine();

interface Given {
  readonly x: Tensor;
  readonly counter: StepCounter;
}

/** Records an operation on x; what it returns is read. If that depends on x by the tape, so is the gradient of x. */
type Recorded = (tape: Tape, given: Given) => Tensor;

/** The result of an operation, and the gradient of the sum of its absolute values if it has one. */
async function results(engine: Engine, shape: readonly number[], record: Recorded, differentiates: boolean) {
  const random = new RandomStream(3, 0);
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal());
  const x = engine.tensor(shape, { data: values });
  const counter = new StepCounter(engine);
  counter.reset(5);
  const tape = new Tape(engine);
  const y = record(tape, { x, counter });
  if (differentiates) {
    tape.backward([{ loss: l1Loss(tape, y, tape.tensor(y.shape)), weight: 0.5 }], [x]);
  }
  const program = await tape.finish();
  program.run();
  const read = [await engine.read(y), ...(differentiates ? [await engine.read(tape.gradient(x))] : [])];
  program.dispose();
  engine.free(x);
  engine.free(counter.tensor);
  return read;
}

/** Where values differ from those expected first; -1 if nowhere. */
function different(expected: readonly Float32Array[]) {
  return (values: Float32Array, i: number): number =>
    values.length === expected[i]?.length
      ? values.findIndex((value, j) => !Object.is(value, expected[i]?.[j]))
      : values.length;
}

/** More elements than workgroups along x, and four times as many. */
const MANY = MAX_WORKGROUPS + 5;
const MANY_VEC4 = 4 * MANY;

describe("an operation of more elements than x can hold workgroups", () => {
  const rate = (tape: Tape): Tensor => tape.constant(Float32Array.of(0.25));
  it.each<[string, readonly number[], Recorded, boolean]>([
    ["sigmoid, and L1 loss", [MANY], (tape, { x }) => sigmoid(tape, x), true],
    ["transpose", [1, 257, 257], (tape, { x }) => transpose(tape, x), false],
    ["transpose of many columns", [1, 2, MANY], (tape, { x }) => transpose(tape, x), false],
    ["transpose of many rows", [2, MANY, 2], (tape, { x }) => transpose(tape, x), false],
    [
      "add bias",
      [1, 260, 1024],
      (tape, { x }) => addBias(tape, x, tape.constant(Float32Array.from({ length: 260 }, (_, i) => i))),
      true,
    ],
    [
      "Gaussian noise",
      [2 * MANY],
      (tape, { x, counter }) => gaussianNoise(tape, x, { sigma: 1, counter, stream: 7 }),
      false,
    ],
    [
      "crop",
      [2, 260, 190],
      (tape, { x, counter }) =>
        crop(tape, x, { offsets: tape.constant(Uint32Array.of(74, 4)), counter, size: 186 }),
      true,
    ],
    ["unfold", [1, 2, 190, 190], (tape, { x }) => unfold(tape, x, 2), true],
    [
      "axpy",
      [MANY_VEC4],
      (tape, { x, counter }) => {
        const y = tape.tensor(x.shape);
        axpy(tape, x, rate(tape), counter, y);
        return y;
      },
      false,
    ],
    [
      "Adam",
      [MANY_VEC4],
      (tape, { x, counter }) => {
        const whole = tape.tensor(x.shape);
        adam(tape, { whole }, x, counter, 1, { rate: 0.1 });
        return whole;
      },
      false,
    ],
    [
      "SGD",
      [MANY_VEC4],
      (tape, { x, counter }) => {
        tape.backward([{ loss: l1Loss(tape, x, tape.tensor(x.shape)), weight: 1 }], [x]);
        sgd(tape, { whole: x } as Parameters<typeof sgd>[1], { rates: rate(tape) }, counter);
        return x;
      },
      false,
    ],
  ])("gives what it gives in fewer workgroups: %s", async (_, shape, record, differentiates) => {
    const { engine } = gpu;
    const single = Object.assign(new Engine(engine.device), { tuning: { ...engine.tuning, elementwise: 1 } });
    try {
      const expected = await results(engine, shape, record, differentiates);
      const given = await results(single, shape, record, differentiates);
      // Arrays of this size take minutes to print.
      expect(given.map(different(expected))).toEqual(given.map(() => -1));
      expect(given.map((values) => values.at(-1))).not.toContain(0);
    } finally {
      single.dispose();
    }
  });
});
