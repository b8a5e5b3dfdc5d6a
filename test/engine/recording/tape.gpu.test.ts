import { afterEach, describe, expect, it } from "vitest";
import { EngineError } from "../../../src/engine/errors.js";
import { CollapsedChain } from "../../../src/engine/ops/convolution/collapse.js";
import { conv2d } from "../../../src/engine/ops/convolution/conv2d.js";
import { add } from "../../../src/engine/ops/elementwise/add.js";
import { sigmoid } from "../../../src/engine/ops/elementwise/sigmoid.js";
import { matmul } from "../../../src/engine/ops/linear-algebra/matmul.js";
import { l1Loss } from "../../../src/engine/ops/losses/l1-loss.js";
import { Parameters } from "../../../src/engine/optimizers/parameters.js";
import { sgd } from "../../../src/engine/optimizers/sgd.js";
import { RandomStream } from "../../../src/engine/random.js";
import { StepCounter } from "../../../src/engine/recording/step-counter.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import type { Tensor } from "../../../src/engine/tensors/tensor.js";
import { ganLoss } from "../../../src/model/losses/gan-loss.js";
import { sumToOneLoss } from "../../../src/model/losses/sum-to-one-loss.js";
import { conv2d as convOracle } from "../../oracle/conv2d.js";
import { matmul as matmulOracle } from "../../oracle/matmul.js";
import { ndArray } from "../../oracle/nd-array.js";
import { sigmoid as sigmoidOracle } from "../../oracle/sigmoid.js";
import { useEngine } from "../../support/engine.js";
import { expectMatches, randomArray, relativeError } from "../../support/gradient-check.js";
import { productVariants } from "../../support/product-variants.js";

const gpu = useEngine();
const random = new RandomStream(2, 14);

describe("a released tensor", () => {
  it("gives its memory to a later one of its size and type, unless a backward pass may follow", () => {
    const tape = new Tape(gpu.engine, false);
    const first = tape.tensor([4, 6]);
    tape.release(first.reshape([24]));
    const others = [tape.tensor([4, 7]), tape.tensor([24], "counts", "u32")];
    const second = tape.tensor([2, 12], "second");
    expect(second.shape).toEqual([2, 12]);
    expect(second.buffer).toBe(first.buffer);
    const given = gpu.engine.tensor([4, 7]);
    tape.release(given);
    others.push(tape.tensor([4, 7]));
    expect(others.at(-1)?.buffer).not.toBe(given.buffer);
    gpu.engine.free(given);
    for (const other of [...others, tape.tensor([4, 6])]) expect(other.buffer).not.toBe(first.buffer);
    tape.dispose();

    const differentiating = new Tape(gpu.engine);
    const needed = differentiating.tensor([4, 6]);
    differentiating.release(needed);
    expect(differentiating.tensor([4, 6]).buffer).not.toBe(needed.buffer);
    differentiating.dispose();
  });
});

describe("gradients of a tensor that several operations use", () => {
  it("are added up: conv2d, twice with the same weights and image", async () => {
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(random, [1, 2, 6, 6]), w: randomArray(random, [2, 2, 3, 3]) },
      record: (tape, { x, w }) => {
        const once = conv2d(tape, x, w, { padding: 1 });
        return [conv2d(tape, once, w), conv2d(tape, x, w, { stride: 2 })];
      },
      oracle: ({ x, w }) => {
        const once = convOracle(x, w, { padding: 1 });
        return [convOracle(once, w), convOracle(x, w, { stride: 2 })];
      },
      wrt: ["x", "w"],
    });
  });

  it("are added up: matmul and sigmoid", async () => {
    await expectMatches(gpu.engine, {
      inputs: { a: randomArray(random, [1, 4, 4]), b: randomArray(random, [1, 4, 8]) },
      record: (tape, { a, b }) => [matmul(tape, a, b), matmul(tape, a, sigmoid(tape, b)), sigmoid(tape, b)],
      oracle: ({ a, b }) => [matmulOracle(a, b), matmulOracle(a, sigmoidOracle(b)), sigmoidOracle(b)],
      wrt: ["a", "b"],
    });
  });

  it("are added up under another shape", async () => {
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(random, [2, 6]) },
      record: (tape, { x }) => [sigmoid(tape, x.reshape([3, 4])), sigmoid(tape, x)],
      oracle: ({ x }) => [{ ...sigmoidOracle(x), shape: [3, 4] }, sigmoidOracle(x)],
      wrt: ["x"],
    });
  });

  it("are added up: a GAN loss and another use of its logits", async () => {
    const { engine } = gpu;
    const logits = engine.tensor([1, 4], { data: Float32Array.of(-2, -0.5, 0.25, 3) });
    const tape = new Tape(engine);
    const gan = ganLoss(tape, logits, [{ target: 1, weight: 1 }]);
    const sum = sumToOneLoss(tape, logits);
    tape.backward(
      [
        { loss: gan, weight: 1 },
        { loss: sum, weight: 0.5 },
      ],
      [logits],
    );
    const program = await tape.finish();
    program.run(2);
    const expected = [-2, -0.5, 0.25, 3].map((x) => {
      const p = 1 / (1 + Math.exp(-x));
      // The logits sum to less than one.
      return (-p * (1 - p)) / 4 - 0.5;
    });
    expect(relativeError(await engine.read(tape.gradient(logits)), expected)).toBeLessThan(1e-6);
    program.dispose();
    engine.free(logits);
  });
});

describe("gradients of views", () => {
  it("land in their part of the whole, and leave the rest zero", async () => {
    const { engine } = gpu;
    const parameters = new Parameters(
      engine,
      [
        { name: "a", shape: [3] },
        { name: "b", shape: [70] },
        { name: "unused", shape: [5] },
        { name: "c", shape: [2] },
      ],
      "parameters",
    );
    const values = new Map(
      parameters.names.map((name) => [name, new Float32Array(parameters.get(name).size).fill(1)]),
    );
    parameters.write(values);
    const tape = new Tape(engine);
    const zeros = tape.tensor([70]);
    const losses = ["a", "b", "c"].map((name, i) => {
      const view = parameters.get(name);
      return { loss: l1Loss(tape, view, zeros.view(0, view.shape)), weight: i + 1 };
    });
    tape.backward(losses, [parameters.whole]);
    const program = await tape.finish();
    program.run(2);
    const whole = await engine.read(tape.gradient(parameters.whole));
    const parts = parameters.split(whole);
    expect(parts.get("a")).toEqual(new Float32Array(3).fill(1));
    expect(parts.get("b")).toEqual(new Float32Array(70).fill(2));
    expect(parts.get("unused")).toEqual(new Float32Array(5));
    expect(parts.get("c")).toEqual(new Float32Array(2).fill(3));
    expect(whole.reduce((sum, value) => sum + value, 0)).toBe(3 + 140 + 6);
    expect(await engine.read(tape.gradient(parameters.get("c")))).toEqual(Float32Array.of(3, 3));
    program.dispose();
    engine.free(parameters.whole);
  });

  it("reach an output of which the next operation reads a part", async () => {
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(random, [2, 64]) },
      record: (tape, { x }) => [sigmoid(tape, sigmoid(tape, x).view(64, [1, 64]))],
      oracle: ({ x }) => {
        const once = sigmoidOracle(ndArray([1, 64], x.data.subarray(64)));
        return [sigmoidOracle(once)];
      },
      wrt: ["x"],
    });
  });

  it("are added up over two parts of an output that two operations read", async () => {
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(random, [3, 64]), w: randomArray(random, [3, 64]) },
      record: (tape, { x, w }) => {
        const sum = add(tape, sigmoid(tape, x), w);
        return [sigmoid(tape, sum.view(0, [64])), sigmoid(tape, sum.view(128, [64]))];
      },
      oracle: ({ x, w }) => {
        const sum = sigmoidOracle(x).data.map((value, i) => value + (w.data[i] as number));
        return [0, 128].map((start) => sigmoidOracle(ndArray([64], sum.subarray(start, start + 64))));
      },
      wrt: ["x", "w"],
    });
  });

  it("reach a part that one operation writes of a whole that the next one reads", async () => {
    await expectMatches(gpu.engine, {
      inputs: { x: randomArray(random, [1, 1, 8, 8]), w: randomArray(random, [1, 1, 3, 3]) },
      record: (tape, { x, w }) => {
        const pair = tape.tensor([2, 1, 8, 8], "pair");
        conv2d(tape, x, w, { padding: 1, out: pair.view(64, [1, 1, 8, 8]) });
        return [sigmoid(tape, pair)];
      },
      oracle: ({ x, w }) => [
        sigmoidOracle(
          ndArray([2, 1, 8, 8], [...new Array(64).fill(0), ...convOracle(x, w, { padding: 1 }).data]),
        ),
      ],
      wrt: ["x", "w"],
    });
  });
});

describe("the backward pass", () => {
  const tapes: Tape[] = [];
  afterEach(async () => {
    for (const tape of tapes.splice(0)) (await tape.finish()).dispose();
  });

  /** The names of the shaders that a backward pass adds. */
  async function backwardOf(record: (tape: Tape) => void): Promise<string[]> {
    const tape = new Tape(gpu.engine);
    record(tape);
    const program = await tape.finish();
    const names = program.dispatches.map(({ label }) => label);
    program.dispose();
    return names.filter((name) => /backward|matmul|fold/.test(name));
  }

  it("has no dispatches for tensors that were not asked for", async () => {
    const conv = (wanted: "x" | "w") =>
      backwardOf((tape) => {
        const [x, w] = [tape.tensor([1, 1, 5, 5]), tape.tensor([1, 1, 3, 3])];
        const y = conv2d(tape, x, w);
        tape.backward([{ loss: l1Loss(tape, y, tape.tensor([9])), weight: 1 }], [wanted === "x" ? x : w]);
      });
    expect(await conv("x")).toEqual(["l1_loss_backward", "conv2d_backward_input"]);
    expect(await conv("w")).toEqual(["l1_loss_backward", "conv2d_backward_weight"]);
  });

  it("leaves out what lies outside the way from the parameters to the losses", async () => {
    const names = await backwardOf((tape) => {
      const [x, w, other] = [tape.tensor([1, 1, 5, 5]), tape.tensor([1, 1, 3, 3]), tape.tensor([1, 1, 2, 2])];
      const given = conv2d(tape, x, other, { padding: 1, stride: 1 });
      const y = conv2d(tape, given, w);
      // Of these two, the first does not reach the loss and the second does not come from a parameter.
      conv2d(tape, y, w);
      sigmoid(tape, given);
      tape.backward([{ loss: l1Loss(tape, y, tape.tensor([16])), weight: 1 }], [w]);
    });
    expect(names).toEqual(["l1_loss_backward", "conv2d_backward_weight"]);
  });

  it("starts afresh for a second objective on the same tape", async () => {
    const { engine } = gpu;
    const x = engine.tensor([4], { data: Float32Array.of(1, 2, 3, 4) });
    const tape = new Tape(engine);
    const zeros = tape.tensor([4]);
    tape.backward([{ loss: l1Loss(tape, x, zeros), weight: 3 }], [x]);
    tape.backward([{ loss: l1Loss(tape, x, zeros), weight: 5 }], [x]);
    const program = await tape.finish();
    program.run(3);
    expect(await engine.read(tape.gradient(x))).toEqual(Float32Array.of(5, 5, 5, 5));
    program.dispose();
    engine.free(x);
  });

  it("refuses a second objective that leaves a part of the first one's gradient as it was", async () => {
    const tape = new Tape(gpu.engine);
    tapes.push(tape);
    const x = tape.tensor([128]);
    const loss = (part: Tensor) => [{ loss: l1Loss(tape, part, tape.tensor([part.size])), weight: 1 }];
    const views = [0, 64].map((start) => x.view(start, [64]));
    tape.backward(loss(views[0] as Tensor), [x]);
    // The same part again, and the whole, are written anew.
    tape.backward(loss(views[0] as Tensor), [x]);
    tape.backward(loss(x), [x]);
    expect(() => tape.backward(loss(views[1] as Tensor), [x])).toThrow(/an earlier backward pass/);
  });

  it("refuses parameters on which no loss depends", () => {
    const tape = new Tape(gpu.engine);
    tapes.push(tape);
    const [x, y] = [tape.tensor([4]), tape.tensor([4])];
    const loss = l1Loss(tape, sigmoid(tape, x), y);
    expect(() => tape.backward([{ loss, weight: 1 }], [y])).toThrow(EngineError);
    expect(() => tape.backward([], [x])).toThrow(EngineError);
  });

  it("refuses an objective that is not the output of a loss, whose gradient would be zero", () => {
    const tape = new Tape(gpu.engine);
    tapes.push(tape);
    const x = tape.tensor([4]);
    const y = sigmoid(tape, x);
    const loss = l1Loss(tape, y, tape.tensor([4]));
    for (const other of [y, y.view(0, [1])]) {
      const objective = [loss, other].map((term) => ({ loss: term, weight: 2 }));
      expect(() => tape.backward(objective, [x])).toThrow(/is not a loss/);
    }
  });

  it("refuses two GAN losses on the same logits, and a weighted one", () => {
    const tape = new Tape(gpu.engine);
    tapes.push(tape);
    const logits = tape.tensor([1, 4]);
    const loss = ganLoss(tape, logits, [{ target: 1, weight: 1 }]);
    expect(() => ganLoss(tape, logits, [{ target: 0, weight: 1 }])).toThrow(EngineError);
    expect(() => tape.backward([{ loss, weight: 0.5 }], [logits])).toThrow(EngineError);
  });
});

describe("a matrix that an optimizer changes between two products on one tape", () => {
  it("is multiplied as it is then, in every variant", async () => {
    const inputs = { a: randomArray(random, [1, 4, 4]), b: randomArray(random, [1, 4, 8]) };
    for (const engine of productVariants(gpu.engine)) {
      const parameters = new Parameters(engine, [{ name: "a", shape: [1, 4, 4] }], "a");
      parameters.write(new Map([["a", Float32Array.from(inputs.a.data)]]));
      const counter = new StepCounter(engine);
      const tape = new Tape(engine);
      const a = parameters.get("a");
      const b = tape.constant(Float32Array.from(inputs.b.data)).reshape([1, 4, 8]);
      const before = matmul(tape, a, b);
      tape.backward(
        [{ loss: l1Loss(tape, before, tape.constant(new Float32Array(32).fill(99))), weight: 1 }],
        [a],
      );
      const rates = tape.constant(Float32Array.of(0.5));
      sgd(tape, parameters, { rates }, counter);
      const after = matmul(tape, a, b);
      const program = await tape.finish();
      program.run();
      const changed = ndArray([1, 4, 4], (await parameters.read()).get("a"));
      expect(relativeError(await engine.read(before), matmulOracle(inputs.a, inputs.b).data)).toBeLessThan(
        1e-6,
      );
      expect(relativeError(await engine.read(after), matmulOracle(changed, inputs.b).data)).toBeLessThan(
        1e-6,
      );
      program.dispose();
      engine.dispose();
    }
  });
});

describe("gradients that no kernel can add up", () => {
  const losses = (tape: Tape, tensors: readonly Tensor[]) =>
    tensors.map((tensor) => ({
      loss: l1Loss(tape, tensor, tape.constant(new Float32Array(tensor.size).fill(9))),
      weight: 1,
    }));

  it("are refused for a tensor and a part of it, in the order that would lose the part's", () => {
    for (const start of [0, 64]) {
      const tape = new Tape(gpu.engine);
      const whole = tape.tensor([128]);
      // The backward pass goes from the last loss to the first.
      const objective = losses(tape, [whole, whole.view(start, [64])]);
      expect(() => tape.backward(objective, [whole])).toThrow(/a part of it/);
    }
  });

  it("are added for a part of a tensor that has its gradient already", async () => {
    const tape = new Tape(gpu.engine);
    const whole = tape.tensor([128]);
    tape.backward(losses(tape, [whole.view(64, [64]), whole]), [whole]);
    const gradient = tape.gradient(whole);
    (await tape.finish()).run(2);
    const expected = Float32Array.from({ length: 128 }, (_, i) => (i < 64 ? -1 : -2));
    expect(await gpu.engine.read(gradient)).toEqual(expected);
  });

  it("are refused where only some of a chain's weights are used elsewhere, or its kernel is taken twice", () => {
    const shapes = [
      { name: "first", shape: [4, 1, 3, 3] },
      { name: "last", shape: [1, 4, 1, 1] },
    ];
    const parameters = new Parameters(gpu.engine, shapes, "chain");
    const weights = shapes.map(({ name }) => parameters.get(name));
    const chain = new CollapsedChain(gpu.engine, weights);
    const tape = new Tape(gpu.engine);
    const objective = losses(tape, [chain.kernel(tape), parameters.get("first")]);
    expect(() => chain.kernel(tape)).toThrow(/twice/);
    expect(() => tape.backward(objective, [parameters.whole])).toThrow(/Only some/);
    chain.dispose();
    gpu.engine.free(parameters.whole);
  });
});
