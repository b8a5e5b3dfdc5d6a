import { describe, expect, it } from "vitest";
import type { Shader } from "../../../src/engine/device/shader.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import { useEngine } from "../../support/engine.js";

const gpu = useEngine();

/** A shader of one name that writes a value of its own. */
function writes(value: string): Shader {
  return {
    name: "constant",
    code: `@group(0) @binding(0) var<storage, read_write> y: array<f32>;\n@compute @workgroup_size(1) fn main() { y[0] = ${value}; }\n`,
    entryPoint: "main",
    bindings: [{ name: "y", binding: 0, access: "read_write" }],
    overrides: [],
    required: [],
    aliases: [],
  };
}

describe("the pipeline cache", () => {
  it("keeps shaders of one name apart", async () => {
    const { engine } = gpu;
    const tape = new Tape(engine);
    const results = ["1.0", "2.0", "1.0"].map((value) => {
      const y = tape.tensor([4]);
      tape.dispatch({ shader: writes(value), bindings: { y }, workgroups: [1] });
      return y;
    });
    const program = await tape.finish();
    program.run();
    const values = await Promise.all(results.map(async (y) => (await engine.read(y))[0]));
    expect(values).toEqual([1, 2, 1]);
    const [first, second, third] = program.dispatches;
    expect(first?.pipeline).toBe(third?.pipeline);
    expect(first?.pipeline).not.toBe(second?.pipeline);
    program.dispose();
  });

  it("keeps the entry points of one text apart", async () => {
    const { engine } = gpu;
    const base = writes("1.0");
    const code = `${base.code}@compute @workgroup_size(1) fn other() { y[0] = 5.0; }\n`;
    const tape = new Tape(engine);
    const results = ["main", "other"].map((entryPoint) => {
      const y = tape.tensor([4]);
      tape.dispatch({ shader: { ...base, code, entryPoint }, bindings: { y }, workgroups: [1] });
      return y;
    });
    const program = await tape.finish();
    program.run();
    const values = await Promise.all(results.map(async (y) => (await engine.read(y))[0]));
    expect(values).toEqual([1, 5]);
    program.dispose();
  });
});
