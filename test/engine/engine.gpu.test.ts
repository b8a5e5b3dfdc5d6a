import { describe, expect, it } from "vitest";
import { Engine } from "../../src/engine/engine.js";
import { ShapeError } from "../../src/engine/errors.js";
import { StepCounter } from "../../src/engine/recording/step-counter.js";
import { Tape } from "../../src/engine/recording/tape.js";
import { Parameters } from "../../src/engine/tensors/parameters.js";
import { useEngine } from "../support/engine.js";

const gpu = useEngine();

describe("values of a tensor", () => {
  it.each([
    ["too few", () => new Float32Array(3)],
    ["too many", () => new Float32Array(5)],
    ["of u32", () => new Uint32Array(4)],
    ["of i32", () => new Int32Array(4)],
  ])("are refused where they are %s", async (_name, make) => {
    const { engine } = gpu;
    const tensor = engine.tensor([4], { data: Float32Array.of(1, 2, 3, 4), label: "weights" });
    expect(() => engine.write(tensor, make())).toThrow(ShapeError);
    expect(() => engine.write(tensor, make())).toThrow("weights [4] of f32 wants 4 values of f32; got");
    const before = engine.memory.bytes;
    expect(() => engine.tensor([4], { data: make(), dtype: "f32" })).toThrow(ShapeError);
    expect(engine.memory.bytes).toBe(before);
    expect([...(await engine.read(tensor))]).toEqual([1, 2, 3, 4]);
    engine.free(tensor);
  });

  it("may be written to a part of it", async () => {
    const { engine } = gpu;
    const tensor = engine.tensor([4], { data: Float32Array.of(1, 2, 3, 4) });
    engine.write(tensor.view(1, [2]), Float32Array.of(8, 9));
    expect([...(await engine.read(tensor))]).toEqual([1, 8, 9, 4]);
    engine.free(tensor);
  });

  it("are read as they were written, signed and unsigned, and not as another type", async () => {
    const { engine } = gpu;
    const signed = engine.tensor([3], { data: Int32Array.of(-2, 0, 7) });
    expect(signed.dtype).toBe("i32");
    expect(await engine.readInt32(signed)).toEqual(Int32Array.of(-2, 0, 7));
    const unsigned = engine.tensor([2], { data: Uint32Array.of(2 ** 32 - 1, 3) });
    expect(await engine.readUint32(unsigned)).toEqual(Uint32Array.of(2 ** 32 - 1, 3));
    await expect(engine.read(signed)).rejects.toThrow(ShapeError);
    await expect(engine.readUint32(signed)).rejects.toThrow(ShapeError);
    await expect(engine.readInt32(unsigned)).rejects.toThrow("cannot be read as i32");
    for (const tensor of [signed, unsigned]) engine.free(tensor);
  });

  it("are copied only into a tensor of the same size and type", () => {
    const { engine } = gpu;
    const [four, five] = [engine.tensor([4]), engine.tensor([5])];
    const words = engine.tensor([4], { dtype: "u32" });
    expect(() => engine.copy(four, five)).toThrow(ShapeError);
    expect(() => engine.copy(four, words)).toThrow("cannot be copied");
    for (const tensor of [four, five, words]) engine.free(tensor);
  });
});

describe("what holds GPU memory", () => {
  it("frees it once, by dispose and by Symbol.dispose", async () => {
    const engine = new Engine(gpu.engine.device);
    const dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");
    const tape = new Tape(engine);
    tape.tensor([4]);
    const unfinished = new Tape(engine);
    unfinished.tensor([4]);
    const held: { dispose(): void }[] = [
      new StepCounter(engine),
      new Parameters(engine, [{ name: "a", shape: [4] }], "parameters"),
      await tape.finish(),
      unfinished,
      engine,
    ];
    for (const each of held) {
      const before = engine.memory.bytes;
      (each as unknown as Record<symbol, () => void>)[dispose]();
      expect(engine.memory.bytes, each.constructor.name).toBeLessThan(Math.max(1, before));
      each.dispose();
    }
    expect(engine.memory.bytes).toBe(0);
    expect(() => engine.check()).toThrow("disposed");
  });
});
