import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { abbreviate, compactWgsl } from "../../../tools/shaders/compact-wgsl.js";
import { readShader } from "../../../tools/shaders/read-shader.js";
import { listShaders, readShaderText } from "../../../tools/shaders/wgsl-includes.js";
import { reflectShader } from "../../../tools/shaders/wgsl-plugin.js";
import { ROOT } from "../../support/root.js";

const FOLDER = join(ROOT, "src/shaders");

it("leaves out comments and spaces, and shortens names that only the shader's own code knows", () => {
  const shader = `
    enable subgroups;
    alias Stored = f32;
    // Bound from outside.
    struct Shape { width: u32, rows: vec2f }
    @group(0) @binding(2) var<storage, read> shape: Shape;
    @group(0) @binding(0) var<uniform> images: array<Stored>;
    override HEIGHT: u32 = 2;
    var<workgroup> partial: array<f32, 4>;
    /* at
       length */
    fn total(width: f32, rows: vec2f) -> f32 { let row0 = -width; return 1e-5 + row0 - -rows.x * f32(shape.width); }
    @compute @workgroup_size(HEIGHT)
    fn main(@builtin(workgroup_id) group: vec3u) { partial[0] = total(images[group.x], shape.rows); }
  `;
  expect(compactWgsl(shader)).toBe(
    "enable subgroups;alias Stored = f32;struct S{wi:u32,ro:vec2f}" +
      "@group(0)@binding(2)var<storage,read>shape:S;@group(0)@binding(0)var<uniform>images:array<Stored>;" +
      "override HEIGHT:u32=2;var<workgroup>p:array<f32,4>;" +
      "fn t(w:f32,r:vec2f)->f32{let r0= -w;return 1e-5+r0- -r.x*f32(shape.wi);}" +
      "@compute@workgroup_size(HEIGHT)fn main(@builtin(workgroup_id)g:vec3u){p[0]=t(images[g.x],shape.ro);}",
  );
});

it("keeps a vector's components, and gives no member their names", () => {
  const code =
    "struct Box { red: f32, xyz: vec3f, wide: f32 } fn f(b: Box) -> f32 { return b.red + b.xyz.x + b.wide; }";
  expect(compactWgsl(code)).toBe(
    "struct B{re:f32,xyz:vec3f,wi:f32}fn f(b:B)->f32{return b.re+b.xyz.x+b.wi;}",
  );
});

it("leaves out commas before a closing bracket, and zeros behind a point", () => {
  expect(compactWgsl("const a = vec3f(1.0, 0.25, 20.0,);")).toBe("const a=vec3f(1.,0.25,20.);");
});

it("does not take a name that the shader has already", () => {
  expect(compactWgsl("fn f(first: f32) -> f32 { let fi = first; return fi * fi; }")).toBe(
    "fn f(fr:f32)->f32{let fi=fr;return fi*fi;}",
  );
});

it.each(listShaders(FOLDER))("%s has the same interface when it is compacted", (file) => {
  const name = basename(file, ".wgsl");
  const { code: text } = readShaderText(join(FOLDER, file));
  const code = compactWgsl(text);
  expect(readShader(name, abbreviate(code))).toEqual({ ...reflectShader(name, text), code });
});

it("refuses a shader with a character that stands for a word", () => {
  expect(() => abbreviate("fn f()->u32{return V;}")).toThrow("the character V");
});
