import { describe, expect, it } from "vitest";
import { Engine } from "../../../src/engine/device/engine.js";
import { ShapeError } from "../../../src/engine/errors.js";
import { Parameters } from "../../../src/engine/optimizers/parameters.js";
import { StepCounter } from "../../../src/engine/recording/step-counter.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import { useEngine } from "../../support/engine.js";

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

  it.each([
    ["Uint8Array", Uint8Array.of(1, 2, 3, 4)],
    ["Uint8ClampedArray", Uint8ClampedArray.of(1, 2, 3, 4)],
    ["Int16Array", Int16Array.of(1, 2, 3, 4)],
    ["Float64Array", Float64Array.of(1, 2, 3, 4)],
    ["Array", [1, 2, 3, 4]],
    ["a string", "1234"],
    ["an object of another kind", { length: 4 }],
    ["null", null],
  ])("are refused in %s", async (kind, given) => {
    const { engine } = gpu;
    const data = given as unknown as Float32Array;
    const before = engine.memory.bytes;
    const whole = engine.tensor([8], { data: new Float32Array(8).fill(7) });
    expect(() => engine.write(whole.view(0, [4]), data)).toThrow(ShapeError);
    expect(() => engine.write(whole.view(0, [4]), data)).toThrow(kind);
    expect([...(await engine.read(whole))]).toEqual(Array(8).fill(7));
    engine.free(whole);
    if (data) expect(() => engine.tensor([4], { data })).toThrow(ShapeError);
    expect(engine.memory.bytes).toBe(before);
  });

  it("may come from another realm", async () => {
    const { engine } = gpu;
    // As an array from a frame: no instance of this realm's Float32Array.
    const data = Object.setPrototypeOf(Float32Array.of(1, 2), Object.create(Float32Array.prototype));
    Object.setPrototypeOf(Object.getPrototypeOf(data), Object.getPrototypeOf(Float32Array.prototype));
    expect(data).not.toBeInstanceOf(Float32Array);
    const tensor = engine.tensor([2], { data });
    expect([...(await engine.read(tensor))]).toEqual([1, 2]);
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

describe("a tensor's shape", () => {
  it.each([[[-4]], [[1.5]], [[Number.NaN]], [["4"]], [["a"]], [[2, undefined]], [4], ["4"], [null], [{}]])(
    "is refused where it is %j",
    (given) => {
      const { engine } = gpu;
      const before = engine.memory.bytes;
      const shape = given as unknown as number[];
      const tensor = engine.tensor([16]);
      for (const make of [
        () => engine.tensor(shape),
        () => engine.tensor(shape, { data: new Float32Array(4) }),
        () => tensor.view(0, shape),
        () => tensor.reshape(shape),
      ]) {
        expect(make).toThrow(ShapeError);
        expect(make).toThrow("whole numbers");
      }
      engine.free(tensor);
      expect(engine.memory.bytes).toBe(before);
    },
  );

  it.each([0.5, Number.NaN, "1", -1, 13])("is no view at %s of 16 elements", (start) => {
    const tensor = gpu.engine.tensor([16], { label: "sixteen" });
    expect(() => tensor.view(start as number, [4])).toThrow(ShapeError);
    expect(() => tensor.view(start as number, [4])).toThrow("16 elements of sixteen");
    gpu.engine.free(tensor);
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
