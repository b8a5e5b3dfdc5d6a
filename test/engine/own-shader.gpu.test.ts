import { describe, expect, it } from "vitest";
import { shaderFromSource } from "../../src/engine/device/shader-source.js";
import { BindingError, ShaderError } from "../../src/engine/errors.js";
import { Tape } from "../../src/engine/recording/tape.js";
import { useEngine } from "../support/engine.js";

const gpu = useEngine();

const SCALE = `
override FACTOR: f32;
@group(0) @binding(0) var<storage> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(4) fn scale(@builtin(global_invocation_id) id: vec3u) { y[id.x] = FACTOR * x[id.x]; }`;

describe("a dispatch of WGSL text", () => {
  it("runs", async () => {
    const tape = new Tape(gpu.engine);
    const [x, y] = [tape.constant(Float32Array.of(1, 2, 3, 4)), tape.tensor([4])];
    tape.dispatch({
      shader: shaderFromSource(SCALE),
      constants: { FACTOR: 3 },
      bindings: { x, y },
      workgroups: [1],
    });
    using program = await tape.finish();
    program.run();
    expect([...(await gpu.engine.read(y))]).toEqual([3, 6, 9, 12]);
    expect(program.dispatches[0]?.label).toBe("scale");
  });

  it("is checked as an import is", () => {
    const tape = new Tape(gpu.engine);
    const [x, y] = [tape.tensor([4]), tape.tensor([4], "y", "u32")];
    const run =
      (bindings: Record<string, typeof x>, constants = {}) =>
      () =>
        tape.dispatch({ shader: shaderFromSource(SCALE), constants, bindings, workgroups: [1] });
    expect(run({ x, y }, { FACTOR: 1 })).toThrow(BindingError);
    expect(run({ x, y }, { FACTOR: 1 })).toThrow("needs f32 for its binding y");
    expect(run({ x, y: tape.tensor([4]) })).toThrow("override constant FACTOR");
    expect(run({ x }, { FACTOR: 1 })).toThrow("a tensor for its binding y");
    tape.dispose();
  });

  it.each(["V: u32", "V: i32 = 4", "V = 4", "V = -0x1fu", "V  =  4i"])(
    "refuses a fraction for the integer constant %s, which a device would cut off",
    (declared) => {
      const tape = new Tape(gpu.engine);
      const shader = shaderFromSource(SCALE.replace("FACTOR: f32", declared).replaceAll("FACTOR", "f32(V)"));
      const run = (V: number) => () =>
        tape.dispatch({
          shader,
          constants: { V },
          bindings: { x: tape.tensor([4]), y: tape.tensor([4]) },
          workgroups: [1],
        });
      expect(run(2.5)).toThrow(BindingError);
      expect(run(2.5)).toThrow("Shader scale needs a whole number for its override constant V; got 2.5.");
      expect(run(2)).not.toThrow();
      tape.dispose();
    },
  );

  it.each(["V: f32", "V = 4.0", "V = 4f", "V: f32 = 4"])("takes a fraction for %s", async (declared) => {
    const tape = new Tape(gpu.engine);
    const [x, y] = [tape.constant(Float32Array.of(1, 2, 3, 4)), tape.tensor([4])];
    const shader = shaderFromSource(SCALE.replace("FACTOR: f32", declared).replaceAll("FACTOR", "V"));
    tape.dispatch({ shader, constants: { V: 2.5 }, bindings: { x, y }, workgroups: [1] });
    using program = await tape.finish();
    program.run();
    expect([...(await gpu.engine.read(y))]).toEqual([2.5, 5, 7.5, 10]);
  });

  it.each([
    ["u32", -1],
    ["u32", 2 ** 32],
    ["i32", 2 ** 31],
  ])("refuses %s for a constant that does not hold %s", async (type, V) => {
    const tape = new Tape(gpu.engine);
    const shader = shaderFromSource(
      SCALE.replace("FACTOR: f32", `V: ${type}`).replaceAll("FACTOR", "f32(V)"),
    );
    const bindings = { x: tape.tensor([4]), y: tape.tensor([4]) };
    tape.dispatch({ shader, constants: { V }, bindings, workgroups: [1] });
    await expect(tape.finish()).rejects.toThrow(ShaderError);
    tape.dispose();
  });

  it("says where it does not compile", async () => {
    const tape = new Tape(gpu.engine);
    const [x, y] = [tape.tensor([4]), tape.tensor([4])];
    tape.dispatch({
      shader: shaderFromSource(SCALE.replace("x[id.x]", "z[id.x]")),
      constants: { FACTOR: 1 },
      bindings: { x, y },
      workgroups: [1],
    });
    const finished = tape.finish();
    await expect(finished).rejects.toThrow(ShaderError);
    await expect(finished).rejects.toThrow(/scale\.wgsl:5:\d+ .*unresolved.*'z'/s);
  });
});
