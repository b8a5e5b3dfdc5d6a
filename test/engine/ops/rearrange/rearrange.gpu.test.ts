import { describe, expect, it } from "vitest";
import { unfold } from "../../../../src/engine/ops/convolution/unfold.js";
import { transpose } from "../../../../src/engine/ops/linear-algebra/transpose.js";
import { crop } from "../../../../src/engine/ops/rearrange/crop.js";
import { RandomStream } from "../../../../src/engine/random.js";
import { advance } from "../../../../src/engine/recording/history.js";
import { StepCounter } from "../../../../src/engine/recording/step-counter.js";
import { Tape } from "../../../../src/engine/recording/tape.js";
import { crop as cropOracle } from "../../../oracle/crop.js";
import { at, generate } from "../../../oracle/nd-array.js";
import { unfold as unfoldOracle } from "../../../oracle/unfold.js";
import { useEngine } from "../../../support/engine.js";
import { expectMatches, randomArray, upload } from "../../../support/gradient-check.js";

const gpu = useEngine();

describe("unfold", () => {
  it.each([
    { shape: [1, 1, 3, 3], size: 3 },
    { shape: [2, 3, 6, 8], size: 3 },
    { shape: [1, 2, 9, 7], size: 5 },
    { shape: [2, 5, 4, 5], size: 1 },
    { shape: [1, 3, 10, 8], size: 7 },
  ])("equals its oracle: $shape, $size", async ({ shape, size }) => {
    const random = new RandomStream(size, 7);
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(random, shape) },
      record: (tape, { x }) => [unfold(tape, x, size)],
      oracle: ({ x }) => [unfoldOracle(x, size)],
      wrt: ["x"],
    });
  });
});

describe("transpose", () => {
  it("equals its oracle", async () => {
    const random = new RandomStream(0, 8);
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(random, [2, 3, 5]) },
      record: (tape, { x }) => [transpose(tape, x)],
      oracle: ({ x }) => [generate([2, 5, 3], (n, c, r) => at(x, n, r, c))],
      wrt: [],
    });
  });
});

describe("crop", () => {
  const corners = [
    [0, 0],
    [3, 1],
    [1, 4],
  ] as const;

  it.each([
    { scale: 1, step: 0 },
    { scale: 1, step: 2 },
    { scale: 2, step: 1 },
    { scale: 2, step: 2 },
    { scale: 1, step: 0, margin: 2 },
    { scale: 2, step: 2, margin: 3 },
  ])(
    "takes the window of the step and gives its gradient back: scale $scale, step $step, margin $margin",
    async ({ scale, step, margin }) => {
      const { engine } = gpu;
      const random = new RandomStream(step, 9);
      const counter = new StepCounter(engine);
      counter.reset(0, step);
      await expectMatches(engine, {
        inputs: { source: randomArray(random, [3, 12, 14]) },
        record: (tape, { source }) => {
          const offsets = tape.constant(Uint32Array.from(corners.flat()));
          return [crop(tape, source, { offsets, counter, size: 5, margin, scale })];
        },
        oracle: ({ source }) => [
          cropOracle(source, corners[step] as readonly [number, number], 5, scale, margin),
        ],
        wrt: ["source"],
        dispose: () => counter.reset(0),
      });
      engine.free(counter.tensor);
    },
  );

  it("goes on to the next window as the program is replayed", async () => {
    const { engine } = gpu;
    const source = randomArray(new RandomStream(5, 9), [2, 9, 11]);
    const counter = new StepCounter(engine);
    const uploaded = upload(engine, source);
    const tape = new Tape(engine);
    const offsets = tape.constant(Uint32Array.from(corners.flat()));
    const window = crop(tape, uploaded, { offsets, counter, size: 4 });
    advance(tape, counter);
    const program = await tape.finish();
    for (const corner of corners) {
      program.run();
      expect(await engine.read(window)).toEqual(Float32Array.from(cropOracle(source, corner, 4).data));
    }
    program.dispose();
    for (const tensor of [uploaded, counter.tensor]) engine.free(tensor);
  });
});
