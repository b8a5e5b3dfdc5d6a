import { describe, expect, it } from "vitest";
import { shaderFromSource } from "../../../src/engine/device/shader-source.js";
import { ShaderError } from "../../../src/engine/errors.js";
import { listShaders } from "../../../tools/shaders/wgsl-includes.js";
import { shaderFrom } from "../../../tools/shaders/wgsl-plugin.js";

const MIXED = `
alias Stored = f32;
struct Sizes { rows: u32, scale: f32 }
override COUNT: u32;
override WORKGROUP = 64;
/* @group(0) @binding(9) var<storage> gone: array<f32>; */
@group(0) @binding(2) var<storage, read_write> result: array<vec4<f32>>;
@binding(0u) @group(0) var<storage> a: array<Stored>; // read
@group(0) @binding(1) var<uniform> sizes: Sizes;
@group(0) @binding(3) var<storage, read_write> count: atomic<u32>;
@group(0) @binding(4) var<storage, read> m: array<mat4x4f, 4>;
@compute @workgroup_size(WORKGROUP) fn run(@builtin(global_invocation_id) id: vec3u) {}
fn other() {}
`;

describe("WGSL text", () => {
  it("gives its interface", () => {
    expect(shaderFromSource(MIXED)).toEqual({
      name: "run",
      code: MIXED,
      entryPoint: "run",
      bindings: [
        { name: "result", binding: 2, access: "read_write", type: "f32" },
        { name: "a", binding: 0, access: "read", type: "Stored" },
        { name: "sizes", binding: 1, access: "uniform" },
        { name: "count", binding: 3, access: "read_write", type: "u32" },
        { name: "m", binding: 4, access: "read", type: "f32" },
      ],
      overrides: ["COUNT", "WORKGROUP"],
      integers: ["COUNT", "WORKGROUP"],
      required: ["COUNT"],
      aliases: ["Stored"],
    });
  });

  it("is read as the build reads the package's own shaders, but for structures", () => {
    for (const file of listShaders("src/shaders")) {
      const { sources: _, name: __, bindings, ...built } = shaderFrom(`src/shaders/${file}`);
      // The package's own constants need no check.
      const { name: ___, bindings: read, integers: ____, ...rest } = shaderFromSource(built.code);
      expect(rest, file).toEqual(built);
      expect(read.length, file).toBe(bindings.length);
      for (const each of read) {
        const same = bindings.find(({ binding }) => binding === each.binding);
        expect({ type: same?.type, ...each }, file).toEqual(same);
      }
    }
  });

  it.each([
    ["text without an entry point", "// @compute fn main() {}\nfn f() {}", "got text without one."],
    ["nothing", undefined, "got nothing."],
  ])("that is %s is refused", (_, source, message) => {
    const run = () => shaderFromSource(source as string);
    expect(run).toThrow(ShaderError);
    expect(run).toThrow(message);
  });

  it.each([
    [
      "a texture",
      "@group(0) @binding(0) var image: texture_2d<f32>;",
      /^image is bound, but is no buffer \(texture_2d<f32>\): [^\n]+\.$/,
    ],
    [
      "another group",
      "@group(1) @binding(0) var<storage> x: array<f32>;",
      /^x is bound by @group\(1\) @binding\(0\): [^\n]+\.$/,
    ],
    ["a number by name", "@group(0) @binding(SLOT) var<storage> x: array<f32>;", /^x is bound by .*SLOT/],
  ])("that binds %s is refused", (_, line, message) => {
    const run = () => shaderFromSource(`${line} @compute @workgroup_size(1) fn main() {}`);
    expect(run).toThrow(ShaderError);
    expect(run).toThrow(message);
  });
});
