import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BenchError } from "../../bench/report/errors.js";
import { readShaderFile, type ShaderFile } from "../../bench/wgsl/interface.js";
import { parseBuffer, valuesOf } from "../../bench/wgsl/parse-buffer.js";

const BINDINGS = `@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage> y: array<u32>;
`;
/** Shaders that use both bindings: what stands before them, and what is done with them. */
const USES: Readonly<Record<string, readonly [body: string, before?: string]>> = {
  "several extensions at once": ["x[0] = f32(y[0]);", "enable f16, subgroups;\n"],
  "a diagnostic and an assertion": [
    "x[0] = f32(y[0]);",
    "diagnostic(off, derivative_uniformity);\nconst_assert(1 < 2);\n",
  ],
  "an assertion in a function": ["const_assert(1 < 2); x[0] = f32(y[0]);"],
  "an index behind an address": ["let p = &x[y[0] % 3u]; *p = 1;"],
  "an index of a value": ["x[0] = array<vec2f, 2>()[y[0]].x;"],
  "break if": ["var i = 0u; loop { continuing { i++; break if i > y[0]; } } x[0] = 1;"],
  "letters of any language": ["let größe = y[0]; x[0] = f32(größe);"],
  helpers: [
    "put(id.x);",
    "fn put(i: u32) { x[i] = taken(i); }\nfn taken(i: u32) -> f32 { return f32(y[i]); }\n",
  ],
  "a name that is hidden after its use": ["let y = y[0]; x[y] = 1;"],
  "comments in comments": ["/* a /* b */ http://c */ x[0] = f32(y[0]); // */ z"],
};
/** Shaders that do not use the second. */
const USES_ONE: Readonly<Record<string, readonly [body: string, before?: string]>> = {
  "a hidden name": ["let y = 1u; x[y] = 1;"],
  "a parameter of the same name": ["f(1u);", "fn f(y: u32) { x[y] = 1; }\n"],
  "a member of the same name": ["x[id.y] = 1;"],
  "a function that nobody calls": ["x[0] = 1;", "fn f() { x[0] = f32(y[0]); }\n"],
  "a comment": ["x[0] = 1; /* y[0] */"],
};

let folder: string;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bench-shaders-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(code: string): Promise<ShaderFile> {
  const path = join(folder, `${files++}.wgsl`);
  await writeFile(path, code);
  return readShaderFile(path);
}

function bound([body, before = ""]: readonly [body: string, before?: string]): Promise<string[]> {
  const code = `\uFEFF${before}${BINDINGS}@workgroup_size(8 * 8, max(1, 2)) @compute fn main(@builtin(global_invocation_id) id: vec3u) { ${body} }`;
  return read(code).then(({ shader }) => shader.bindings.map(({ name }) => name).sort());
}

describe("the bindings of a shader", () => {
  it.each(Object.keys(USES))("are found with %s", async (what) => {
    expect(await bound(USES[what] as [string])).toEqual(["x", "y"]);
  });

  it.each(Object.keys(USES_ONE))("are not those that only seem to be used: %s", async (what) => {
    expect(await bound(USES_ONE[what] as [string])).toEqual(["x"]);
  });

  it("are those of the entry point, also where another has the same numbers", async () => {
    const path = join(folder, "entries.wgsl");
    await writeFile(
      path,
      `${BINDINGS.replace("binding(1)", "binding(0)")}
@group(0) @binding(0) var<uniform> z: vec4f;
@compute @workgroup_size(1) fn one() { x[0] = 1; }
@compute @workgroup_size(1) fn two() { _ = y[0]; }
@compute @workgroup_size(1) fn three() { _ = z; }`,
    );
    const names = (entry: string): string[] =>
      readShaderFile(path, entry).shader.bindings.map(({ name }) => name);
    expect([names("one"), names("two"), names("three")]).toEqual([["x"], ["y"], ["z"]]);
  });

  it("are not called wrong where the parser alone does not know them", async () => {
    await expect(read(`${BINDINGS.replace("binding(1)", "binding(0 + 1)")}\n`)).rejects.toThrow(
      /\.wgsl is not WGSL, or has what the bench's parser does not know, such as a sum in an attribute: [^\n]+\.$/,
    );
  });
});

describe("a buffer of a structure", () => {
  const UNIFORM = `struct Inner { a: vec3f, b: i32 }
struct P { n: u32, inner: Inner, m: mat3x2f, list: array<vec2u, 2>, end: f32 }
@group(0) @binding(0) var<uniform> p: P;
@group(0) @binding(1) var<storage, read_write> x: array<f32>;
@compute @workgroup_size(1) fn main() { x[p.n] = p.end; }`;

  it("takes numbers in the order of its members, and is laid out as WGSL says", async () => {
    const { types } = await read(UNIFORM);
    const { dtype, shape, content } = parseBuffer(
      "p=1,2,3,4,-5,6,7,8,9,10,11,12,13,14,15,0.5",
      "random",
      types,
    );
    const bytes = Uint32Array.from(content as number[]);
    const [floats, integers] = [new Float32Array(bytes.buffer), new Int32Array(bytes.buffer)];
    expect([dtype, shape]).toEqual(["u32", [20]]);
    expect(bytes[0]).toBe(1);
    expect([...floats.subarray(4, 7)]).toEqual([2, 3, 4]);
    expect(integers[7]).toBe(-5);
    expect([...floats.subarray(8, 14)]).toEqual([6, 7, 8, 9, 10, 11]);
    expect([...bytes.subarray(14, 18)]).toEqual([12, 13, 14, 15]);
    expect(floats[18]).toBe(0.5);
  });

  it.each([
    ["p=1,2", /^p holds 16 numbers \(n: u32, inner: Inner, .*\), and 2 are given\.$/],
    ["p=1,2,3,4,-5,6,7,8,9,10,11,12,13,-14,15,0.5", /^p holds u32 as its number 14, which -14 is not\.$/],
    ["p=1,x", /^p begins with "1,x", which is none of /],
    ["x=1,2", /^x is array<f32>, whose numbers the bench cannot lay out: give its type and sizes, such as /],
    ["q=1", /^"q=1" describes no buffer: /],
  ])("%s is refused in one sentence", async (text, message) => {
    const { types } = await read(UNIFORM);
    expect(() => parseBuffer(text, "random", types)).toThrow(BenchError);
    expect(() => parseBuffer(text, "random", types)).toThrow(message);
  });
});

describe("an array of NumPy's", () => {
  const take = (shape: number[], wanted: number[]) => () =>
    valuesOf({ shape, values: [] }, { name: "c", shape: wanted }, "c.npy");

  it("has the shape of its buffer, up to sides of 1, or is flat", () => {
    for (const shape of [[32, 64], [1, 32, 64, 1], [2048], []]) expect(take(shape, [32, 64])).not.toThrow();
    expect(take([32, 64], [2048])).not.toThrow();
    expect(take([64, 32], [32, 64])).toThrow(
      /^c\.npy has the shape \[64,32\], and c is \[32,64\]: give an array of that shape, or a flat one\.$/,
    );
  });
});
