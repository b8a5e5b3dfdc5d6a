import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Engine } from "../../src/engine/device/engine.js";
import type { Shader } from "../../src/engine/device/shader.js";
import {
  BindingError,
  DeviceLostError,
  EngineError,
  OutOfMemoryError,
  ShaderError,
  ShapeError,
  StepRangeError,
} from "../../src/engine/errors.js";
import { CollapsedChain } from "../../src/engine/ops/convolution/collapse.js";
import { conv2d } from "../../src/engine/ops/convolution/conv2d.js";
import { unfold } from "../../src/engine/ops/convolution/unfold.js";
import { matmul } from "../../src/engine/ops/linear-algebra/matmul.js";
import { l1Loss } from "../../src/engine/ops/losses/l1-loss.js";
import { normalizedLayers } from "../../src/engine/ops/normalization/normalized-layers.js";
import { spectralNorm } from "../../src/engine/ops/normalization/spectral-norm.js";
import { crop } from "../../src/engine/ops/rearrange/crop.js";
import { Parameters } from "../../src/engine/optimizers/parameters.js";
import { writeHistoryRow } from "../../src/engine/recording/history.js";
import { StepCounter, type StepIndex } from "../../src/engine/recording/step-counter.js";
import { type DispatchRequest, Tape } from "../../src/engine/recording/tape.js";
import type { Tensor } from "../../src/engine/tensors/tensor.js";
import { Adaptation } from "../../src/estimate/adaptation/adaptation.js";
import { recordMetaKernelGanStep } from "../../src/estimate/metakernelgan/metakernelgan-step.js";
import { randomGanWeights } from "../../src/model/gan/gan-weights.js";
import { ganLoss } from "../../src/model/losses/gan-loss.js";
import sigmoidShader from "../../src/shaders/elementwise/sigmoid.wgsl";
import trimShader from "../../src/shaders/rearrange/trim.wgsl";
import { useOwnEngine } from "../support/engine.js";

/** A chain whose sizes fit, but for what is given. */
function layers(
  tape: Tape,
  t: (...shape: number[]) => Tensor,
  { count = 1, pixels = 8, inputs = 8, gamma = 4, head = 4, bias = 1 },
): Tensor {
  const layer = { weight: t(1, 4, 8), gamma: t(gamma), beta: t(4) };
  const chain = Array.from({ length: count }, () => layer);
  return normalizedLayers(tape, t(1, inputs, pixels), chain, { weight: t(1, 1, head), bias: t(bias) });
}

describe("an operation given shapes that do not fit", () => {
  const gpu = useOwnEngine();
  const CASES: [string, (tape: Tape, t: (...shape: number[]) => Tensor) => unknown][] = [
    ["conv2d: other channels", (tape, t) => conv2d(tape, t(1, 2, 5, 5), t(1, 3, 3, 3))],
    ["conv2d: kernel larger than the image", (tape, t) => conv2d(tape, t(1, 1, 2, 5), t(1, 1, 3, 3))],
    ["conv2d: three dimensions", (tape, t) => conv2d(tape, t(1, 5, 5), t(1, 1, 3, 3))],
    [
      "conv2d: padding wider than the image",
      (tape, t) => conv2d(tape, t(1, 1, 3, 9), t(1, 1, 3, 3), { padding: 4, mode: "circular" }),
    ],
    [
      "conv2d: output of another size",
      (tape, t) => conv2d(tape, t(1, 1, 5, 5), t(1, 1, 3, 3), { out: t(8) }),
    ],
    ["CollapsedChain: no layers", (tape) => new CollapsedChain(tape.engine, [])],
    ["CollapsedChain: two inputs", (tape, t) => new CollapsedChain(tape.engine, [t(1, 2, 3, 3)])],
    ["CollapsedChain: two outputs", (tape, t) => new CollapsedChain(tape.engine, [t(2, 1, 3, 3)])],
    ["CollapsedChain: not square", (tape, t) => new CollapsedChain(tape.engine, [t(1, 1, 3, 2)])],
    [
      "CollapsedChain: buffers apart",
      (tape, t) => new CollapsedChain(tape.engine, [t(2, 1, 3, 3), t(1, 2, 3, 3)]),
    ],
    ["spectralNorm: nothing", (tape) => spectralNorm(tape, [], 1)],
    ["spectralNorm: vectors", (tape, t) => spectralNorm(tape, [{ weight: t(4, 3), u: t(4), v: t(4) }], 1)],
    [
      "spectralNorm: buffers apart",
      (tape, t) => spectralNorm(tape, [{ weight: t(4, 3), u: t(4), v: t(3) }], 1),
    ],
    ["normalizedLayers: none", (tape, t) => layers(tape, t, { count: 0 })],
    ["normalizedLayers: odd pixels", (tape, t) => layers(tape, t, { pixels: 6 })],
    ["normalizedLayers: inputs", (tape, t) => layers(tape, t, { inputs: 4 })],
    ["normalizedLayers: gamma", (tape, t) => layers(tape, t, { gamma: 8 })],
    ["normalizedLayers: head", (tape, t) => layers(tape, t, { head: 8 })],
    ["normalizedLayers: bias", (tape, t) => layers(tape, t, { bias: 2 })],
    ["matmul: inner sizes", (tape, t) => matmul(tape, t(1, 4, 8), t(1, 4, 8))],
    ["matmul: batches", (tape, t) => matmul(tape, t(2, 4, 4), t(1, 4, 4))],
    ["matmul: odd sizes", (tape, t) => matmul(tape, t(1, 6, 4), t(1, 4, 8))],
    ["unfold: window larger than the image", (tape, t) => unfold(tape, t(1, 1, 5, 2), 3)],
    ["ganLoss: terms", (tape, t) => ganLoss(tape, t(2, 4), [{ target: 1, weight: 1 }])],
    [
      "ganLoss: three items",
      (tape, t) =>
        ganLoss(
          tape,
          t(3, 4),
          Array.from({ length: 3 }, () => ({ target: 1, weight: 1 })),
        ),
    ],
    ["l1Loss: sizes", (tape, t) => l1Loss(tape, t(4), t(5))],
    [
      "crop: window larger than the source",
      (tape, t) => crop(tape, t(3, 4, 9), { offsets: t(2), counter: new StepCounter(tape.engine), size: 5 }),
    ],
    ["record: rows", (tape, t) => writeHistoryRow(tape, t(3), new StepCounter(tape.engine), t(7))],
    ["view past the end", (_tape, t) => t(4).view(2, [3])],
    ["view before the start", (_tape, t) => t(4).view(-1, [2])],
    ["reshape", (_tape, t) => t(4).reshape([5])],
    ["parameters", (tape) => new Parameters(tape.engine, [{ name: "a", shape: [2] }], "p").write(new Map())],
  ];

  it.each(CASES)("throws ShapeError: %s", (_name, run) => {
    const tape = new Tape(gpu.engine);
    expect(() => run(tape, (...shape) => tape.tensor(shape))).toThrow(ShapeError);
  });
});

describe("a dispatch", () => {
  const gpu = useOwnEngine();

  /** Records a dispatch, and throws at once what is wrong with it. */
  function dispatch(bindings: Record<string, Tensor>, others: Partial<DispatchRequest> = {}): Tape {
    const tape = new Tape(gpu.engine);
    const request = { shader: sigmoidShader, bindings, constants: { COUNT: 4 }, workgroups: [1] };
    tape.dispatch({ ...request, ...others });
    return tape;
  }

  it("needs a tensor for every binding", () => {
    const x = gpu.engine.tensor([4]);
    expect(() => dispatch({ x })).toThrow(BindingError);
    expect(() => dispatch({ x })).toThrow("binding y");
    const wrong = { x, y: new Float32Array(4) } as unknown as Record<string, Tensor>;
    expect(() => dispatch(wrong)).toThrow(BindingError);
    expect(() => dispatch(wrong)).toThrow("binding y");
  });

  it("takes no tensor for a binding that the shader has not", () => {
    const [x, y] = [gpu.engine.tensor([4]), gpu.engine.tensor([4])];
    expect(() => dispatch({ x, y, z: x })).toThrow(BindingError);
    expect(() => dispatch({ x, y, z: x })).toThrow("no binding z");
  });

  it("takes no view at an unaligned offset", async () => {
    const [x, y] = [gpu.engine.tensor([400]), gpu.engine.tensor([4])];
    expect(() => dispatch({ x: x.view(4, [4]), y })).toThrow(BindingError);
    await expect(dispatch({ x: x.view(64, [4]), y }).finish()).resolves.toBeDefined();
  });

  it("takes no constant or type that the shader has not, and needs those without a default", () => {
    const bindings = { x: gpu.engine.tensor([4]), y: gpu.engine.tensor([4]) };
    expect(() => dispatch(bindings, { constants: { COUNT: 4, SIZE: 4 } })).toThrow(BindingError);
    expect(() => dispatch(bindings, { constants: { COUNT: 4, SIZE: 4 } })).toThrow("SIZE");
    expect(() => dispatch(bindings, { constants: {} })).toThrow(BindingError);
    expect(() => dispatch(bindings, { constants: {} })).toThrow("override constant COUNT");
    expect(() => dispatch(bindings, { types: { Stored: "f16" } })).toThrow(BindingError);
    expect(() => dispatch(bindings, { types: { Stored: "f16" } })).toThrow("Stored");
  });

  it.each([
    ["a path", "shaders/sigmoid.wgsl", "a string"],
    ["WGSL text", "@compute @workgroup_size(1) fn main() {}", "a string"],
    ["nothing", undefined, "nothing"],
    ["null", null, "null"],
    ["an object", { code: "fn main() {}" }, "an object of another kind"],
    ["a function", () => {}, "a function"],
  ])("takes no shader that is %s", (_name, shader, given) => {
    const run = () => dispatch({}, { shader: shader as unknown as Shader });
    expect(run).toThrow(ShaderError);
    expect(run).toThrow(`got ${given}.`);
  });

  it.each([
    ["a string", "sigmoid"],
    ["nothing", undefined],
    ["an empty object", {}],
  ])("takes no request that is %s", (_name, request) => {
    const run = () => new Tape(gpu.engine).dispatch(request as unknown as DispatchRequest);
    expect(run).toThrow(ShaderError);
    expect(run).toThrow("A dispatch needs a shader");
  });

  it("needs bindings and workgroups", () => {
    const bindings = { x: gpu.engine.tensor([4]), y: gpu.engine.tensor([4]) };
    const without = { bindings: undefined } as unknown as Partial<DispatchRequest>;
    expect(() => dispatch(bindings, without)).toThrow(BindingError);
    const none = { workgroups: undefined } as unknown as Partial<DispatchRequest>;
    expect(() => dispatch(bindings, none)).toThrow(ShapeError);
  });

  it.each([[[70_000]], [[1, 70_000]], [[1, 1, 1.5]], [[-1]]])("takes no %s workgroups", (workgroups) => {
    const bindings = { x: gpu.engine.tensor([4]), y: gpu.engine.tensor([4]) };
    expect(() => dispatch(bindings, { workgroups })).toThrow(ShapeError);
    expect(() => dispatch(bindings, { workgroups })).toThrow("workgroups");
  });

  it.each([4, "4", null, [], [1, 1, 1, 9], ["1"], [null]])("takes no workgroups of %j", (workgroups) => {
    const bindings = { x: gpu.engine.tensor([4]), y: gpu.engine.tensor([4]) };
    const run = () => dispatch(bindings, { workgroups: workgroups as unknown as number[] });
    expect(run).toThrow(ShapeError);
    expect(run).toThrow("workgroups");
  });

  it.each([undefined, null, "abc", "4", Number.NaN, Infinity, {}])(
    "takes no constant that is %s",
    (COUNT) => {
      const bindings = { x: gpu.engine.tensor([4]), y: gpu.engine.tensor([4]) };
      const run = () => dispatch(bindings, { constants: { COUNT: COUNT as number } });
      expect(run).toThrow(BindingError);
      expect(run).toThrow("COUNT");
    },
  );

  it("takes an optional constant that is undefined for one that is not given", async () => {
    const bindings = { x: gpu.engine.tensor([4]), y: gpu.engine.tensor([4]) };
    const constants = { COUNT: 4, WORKGROUP: undefined as unknown as number };
    await expect(dispatch(bindings, { constants }).finish()).resolves.toBeDefined();
  });

  it("needs more than null", () => {
    const bindings = { x: gpu.engine.tensor([4]), y: gpu.engine.tensor([4]) };
    const nothing = null as unknown as undefined;
    expect(() => dispatch(nothing as unknown as Record<string, Tensor>)).toThrow(BindingError);
    expect(() => dispatch(bindings, { constants: nothing })).toThrow(BindingError);
    expect(() => dispatch(bindings, { types: nothing })).not.toThrow();
    const tape = new Tape(gpu.engine);
    expect(() => tape.dispatch("code" as unknown as DispatchRequest)).toThrow("got a string.");
  });

  it("indexes a table of rows alone", () => {
    const bindings = { x: gpu.engine.tensor([4]), y: gpu.engine.tensor([4]) };
    const counter = new StepCounter(gpu.engine);
    for (const rowSize of [0, Number.NaN]) {
      const index = counter.rowOf(bindings.x, rowSize);
      expect(() => dispatch(bindings, { index })).toThrow(StepRangeError);
    }
  });

  it("takes no tensor that is empty, freed, or of another engine", async () => {
    const { engine } = gpu;
    const [y, freed] = [engine.tensor([4]), engine.tensor([4], { label: "old" })];
    engine.free(freed);
    const other = new Engine(engine.device);
    for (const [tensor, message] of [
      [engine.tensor([0], { label: "nothing" }), /binding x, at least 1; got nothing \[0\]/],
      [freed, /old was freed, or is of another engine/],
      [other.tensor([4], { label: "foreign" }), /foreign was freed, or is of another engine/],
    ] as const) {
      expect(() => dispatch({ x: tensor, y })).toThrow(BindingError);
      expect(() => dispatch({ x: tensor, y })).toThrow(message);
    }
    other.dispose();
  });

  it("takes no tensor that is smaller than the shader's structure", () => {
    const { engine } = gpu;
    const [x, y] = [engine.tensor([4]), engine.tensor([4])];
    const sizes = engine.tensor([3], { dtype: "u32", label: "sizes" });
    const run = () => dispatch({ sizes, x, y }, { shader: trimShader, constants: {} });
    expect(run).toThrow(BindingError);
    expect(run).toThrow("Shader trim needs u32 for its binding sizes, at least 4; got sizes [3] of u32.");
    const enough = engine.tensor([4], { dtype: "u32" });
    expect(() => dispatch({ sizes: enough, x, y }, { shader: trimShader, constants: {} })).not.toThrow();
  });

  it("reads and writes different tensors", () => {
    const x = gpu.engine.tensor([256], { label: "picture" });
    for (const y of [x, x.reshape([2, 128]), x.view(128, [128])]) {
      expect(() => dispatch({ x, y })).toThrow(BindingError);
      expect(() => dispatch({ x, y })).toThrow(
        "Shader sigmoid writes picture, which it binds twice: copy it.",
      );
    }
    // WebGPU takes a buffer for read as a whole.
    expect(() => dispatch({ x: x.view(0, [64]), y: x.view(64, [64]) })).toThrow(BindingError);
  });

  it("writes parts of a tensor that lie apart", async () => {
    const { engine } = gpu;
    const shader: Shader = {
      name: "two",
      code: `@group(0) @binding(0) var<storage, read_write> a: array<f32>;
@group(0) @binding(1) var<storage, read_write> b: array<f32>;
@compute @workgroup_size(1) fn main() { a[0] = 1; b[0] = 2; }`,
      entryPoint: "main",
      bindings: [
        { name: "a", binding: 0, access: "read_write" },
        { name: "b", binding: 1, access: "read_write" },
      ],
      overrides: [],
      required: [],
      aliases: [],
    };
    const both = engine.tensor([128]);
    const part = both.view(64, [64]);
    const program = await dispatch({ a: both.view(0, [64]), b: part }, { shader, constants: {} }).finish();
    program.run();
    expect([...(await engine.read(both))].filter((value) => value !== 0)).toEqual([1, 2]);
    expect(() => dispatch({ a: both, b: part }, { shader, constants: {} })).toThrow(BindingError);
  });

  it.each([["x"], [""], [null], [4], [{ counter: {}, steps: 4, label: "table" }]])(
    "takes no index or counter that is %j",
    (wrong) => {
      const bindings = { x: gpu.engine.tensor([4]), y: gpu.engine.tensor([4]) };
      const index = wrong as unknown as StepIndex;
      expect(() => dispatch(bindings, { index })).toThrow(BindingError);
      expect(() => dispatch(bindings, { index })).toThrow("by StepCounters only");
      const advances = wrong as unknown as StepCounter;
      expect(() => dispatch(bindings, { advances })).toThrow(BindingError);
      expect(() => dispatch(bindings, { advances })).toThrow("by StepCounters only.");
    },
  );

  it("takes no tensor of another element type", () => {
    const { engine } = gpu;
    const y = engine.tensor([4]);
    const words = engine.tensor([4], { dtype: "u32", label: "words" });
    expect(() => dispatch({ x: words, y })).toThrow(BindingError);
    expect(() => dispatch({ x: words, y })).toThrow(
      /needs f32 for its binding x, at least 1; got words \[4\] of u32/,
    );
    const history = engine.tensor([3, 4], { dtype: "u32" });
    const counter = new StepCounter(engine);
    expect(() => writeHistoryRow(new Tape(engine), y, counter, history)).toThrow(BindingError);
  });

  it("says where a shader does not compile", async () => {
    const broken: Shader = {
      name: "broken",
      code: "@group(0) @binding(0) var<storage, read_write> y: array<f32>;\n@compute @workgroup_size(1)\nfn main() {\n  y[0] = nothing;\n}\n",
      entryPoint: "main",
      bindings: [{ name: "y", binding: 0, access: "read_write" }],
      overrides: [],
      required: [],
      aliases: [],
    };
    const tape = new Tape(gpu.engine);
    tape.dispatch({ shader: broken, bindings: { y: gpu.engine.tensor([4]) }, workgroups: [1] });
    const error = await tape.finish().catch((reason) => reason);
    expect(error).toBeInstanceOf(ShaderError);
    expect(error.message).toMatch(/broken\.wgsl does not compile: broken\.wgsl:4:10 .*nothing/);
    expect(error.message).toContain("  y[0] = nothing;");
    // The shader's fault is not the device's.
    gpu.engine.check();
  });

  it("shows the part of a long line in which a shader does not compile, as in the built package", async () => {
    const unit = Array.from({ length: 40 }, (_, i) => `const spare${i}=${i};`).join("");
    const code = `@group(0)@binding(0)var<storage,read_write>y:array<f32>;${unit}@compute@workgroup_size(1)fn main(){y[0]=nothing;}${unit.replaceAll("spare", "other")}`;
    const broken: Shader = {
      name: "broken",
      code,
      entryPoint: "main",
      bindings: [{ name: "y", binding: 0, access: "read_write" }],
      overrides: [],
      required: [],
      aliases: [],
    };
    const tape = new Tape(gpu.engine);
    tape.dispatch({ shader: broken, bindings: { y: gpu.engine.tensor([4]) }, workgroups: [1] });
    const error = await tape.finish().catch((reason) => reason);
    expect(error.message).toContain("fn main(){y[0]=nothing;}");
    expect(error.message.length).toBeLessThan(400);
  });
});

describe("memory", () => {
  const gpu = useOwnEngine();

  it("refuses a tensor that no binding of the device can hold", () => {
    const before = gpu.engine.memory;
    expect(() => gpu.engine.tensor([2 ** 20, 2 ** 16], { label: "a large one" })).toThrow(OutOfMemoryError);
    expect(() => gpu.engine.tensor([2 ** 20, 2 ** 16], { label: "a large one" })).toThrow("a large one");
    expect(gpu.engine.memory).toEqual(before);
  });

  it("is counted, with its peak, and freed once", () => {
    const before = gpu.engine.memory.bytes;
    const tensor = gpu.engine.tensor([5]);
    expect(gpu.engine.memory.bytes).toBe(before + 32);
    gpu.engine.free(tensor.view(0, [2]));
    gpu.engine.free(tensor);
    expect(gpu.engine.memory.bytes).toBe(before);
    const { peak } = gpu.engine.memory;
    expect(peak).toBeGreaterThanOrEqual(before + 32);
    const large = gpu.engine.tensor([peak]);
    gpu.engine.free(large);
    const small = gpu.engine.tensor([5]);
    expect(gpu.engine.memory).toEqual({ bytes: before + 32, peak: before + large.buffer.size });
    gpu.engine.free(small);
  });
});

describe("a device that is lost in the middle of a run", () => {
  const gpu = useOwnEngine();

  it("rejects the run with DeviceLostError, and every later call", async () => {
    const { engine } = gpu;
    const adaptation = await Adaptation.record(
      engine,
      randomGanWeights(1),
      {
        image: { width: 64, height: 64, data: new Float32Array(3 * 64 * 64).fill(0.5) },
        steps: 60,
        corners: new Array(120).fill(0),
        seed: 1,
      },
      recordMetaKernelGanStep(),
    );
    const run = adaptation.run({ onProgress: () => engine.device.destroy() });
    await expect(run).rejects.toThrow(DeviceLostError);
    await expect(engine.synchronize()).rejects.toThrow(DeviceLostError);
    await expect(engine.read(engine.tensor([4]))).rejects.toThrow(DeviceLostError);
    adaptation.dispose();
  });
});

describe("an engine that was disposed of", () => {
  const gpu = useOwnEngine();
  let tensor: Tensor;
  beforeAll(() => {
    tensor = gpu.engine.tensor([4]);
    gpu.engine.dispose();
    gpu.engine.dispose();
  });
  afterAll(() => gpu.engine.dispose());

  it("says so", async () => {
    expect(gpu.engine.memory.bytes).toBe(0);
    expect(() => gpu.engine.check()).toThrow("disposed");
    await expect(gpu.engine.synchronize()).rejects.toThrow(EngineError);
    await expect(gpu.engine.read(tensor)).rejects.toThrow(EngineError);
  });
});
