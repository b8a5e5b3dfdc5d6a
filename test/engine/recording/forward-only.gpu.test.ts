import { expect, it } from "vitest";
import { EngineError } from "../../../src/engine/errors.js";
import { conv2d, conv2dOfConstant } from "../../../src/engine/ops/convolution/conv2d.js";
import {
  downsample2x2,
  downsample2x2Forward,
  upsample2x2,
  upsample2x2Forward,
} from "../../../src/engine/ops/convolution/conv2x2.js";
import { conv3x3, conv3x3Forward } from "../../../src/engine/ops/convolution/conv3x3.js";
import { add, addForward } from "../../../src/engine/ops/elementwise/add.js";
import {
  inverseRealFft2d,
  inverseRealFft2dForward,
  realFft2d,
  realFft2dForward,
} from "../../../src/engine/ops/fft/fft.js";
import { l1Loss } from "../../../src/engine/ops/losses/l1-loss.js";
import { crop, cropForward } from "../../../src/engine/ops/rearrange/crop.js";
import { padReplicate, padReplicateForward } from "../../../src/engine/ops/rearrange/pad-replicate.js";
import { trim, trimForward } from "../../../src/engine/ops/rearrange/trim.js";
import { StepCounter } from "../../../src/engine/recording/step-counter.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import type { Tensor } from "../../../src/engine/tensors/tensor.js";
import { useEngine } from "../../support/engine.js";

const gpu = useEngine();

/** Values of a tensor that an operation reads. */
function filled(tape: Tape, shape: readonly number[]): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tape.constant(Float32Array.from({ length: size }, (_, i) => Math.sin(i + size))).reshape(shape);
}

const kernel = (tape: Tape, side: number): Tensor => filled(tape, [4, 4, side, side]);

/** Shape of the input, and the operation with and without its gradient. */
type Case = readonly [shape: readonly number[], ...((tape: Tape, x: Tensor) => Tensor)[]];

const CASES: Readonly<Record<string, Case>> = {
  conv2dOfConstant: [
    [1, 4, 5, 5],
    (tape, x) => conv2d(tape, x, kernel(tape, 3)),
    (tape, x) => conv2dOfConstant(tape, x, kernel(tape, 3)),
  ],
  conv3x3Forward: [
    [1, 4, 4, 4],
    (tape, x) => conv3x3(tape, x, kernel(tape, 3), { residual: x }),
    (tape, x) => conv3x3Forward(tape, x, kernel(tape, 3), { residual: x }),
  ],
  downsample2x2Forward: [
    [1, 4, 4, 4],
    (tape, x) => downsample2x2(tape, x, kernel(tape, 2)),
    (tape, x) => downsample2x2Forward(tape, x, kernel(tape, 2)),
  ],
  upsample2x2Forward: [
    [1, 4, 2, 2],
    (tape, x) => upsample2x2(tape, x, kernel(tape, 2)),
    (tape, x) => upsample2x2Forward(tape, x, kernel(tape, 2)),
  ],
  realFft2dForward: [[2, 6, 5], realFft2d, realFft2dForward],
  inverseRealFft2dForward: [
    [2, 6, 3, 2],
    (tape, x) => inverseRealFft2d(tape, x, 5),
    (tape, x) => inverseRealFft2dForward(tape, x, 5),
  ],
  addForward: [[8], (tape, x) => add(tape, x, x), (tape, x) => addForward(tape, x, x)],
  trimForward: [[1, 2, 4, 4], (tape, x) => trim(tape, x, [2, 3]), (tape, x) => trimForward(tape, x, [2, 3])],
  padReplicateForward: [
    [1, 2, 3, 3],
    (tape, x) => padReplicate(tape, x, [4, 5]),
    (tape, x) => padReplicateForward(tape, x, [4, 5]),
  ],
  cropForward: [
    [2, 4, 4],
    (tape, x) => crop(tape, x, window(tape)),
    (tape, x) => cropForward(tape, x, window(tape)),
  ],
};

let counter: StepCounter;

function window(tape: Tape) {
  return { offsets: tape.constant(Uint32Array.of(1, 2)), counter, size: 2 };
}

it.each(Object.entries(CASES))(
  "%s gives the same values, and refuses a gradient",
  async (name, [shape, both, forward]) => {
    counter = new StepCounter(gpu.engine);
    const tape = new Tape(gpu.engine);
    const x = filled(tape, shape);
    const results = [both, forward].map((operation) => operation?.(tape, x) as Tensor);
    const [expected, result] = results as [Tensor, Tensor];
    const target = filled(tape, result.shape);
    const objective = [{ loss: l1Loss(tape, result, target), weight: 1 }];
    expect(() => tape.backward(objective, [x])).toThrow(EngineError);
    expect(() => tape.backward(objective, [x])).toThrow(`${name} was recorded without the gradient of `);
    const program = await tape.finish();
    program.run();
    expect(await gpu.engine.read(result)).toEqual(await gpu.engine.read(expected));
    program.dispose();
    counter.dispose();
  },
);
