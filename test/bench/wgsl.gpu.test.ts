import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { benchHere } from "./bench-here.js";

const PRODUCT = `
override SIDE: u32 = 8;
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> c: array<f32>;
@compute @workgroup_size(8, 8) fn product(@builtin(global_invocation_id) id: vec3u) {
  var sum = 0.0;
  for (var k = 0u; k < SIDE; k++) { sum += a[id.y * SIDE + k] * b[(k * SIDE + id.x) / 4u][(k * SIDE + id.x) % 4u]; }
  c[id.y * SIDE + id.x] = sum;
}`;
/** The same by one invocation a row. */
const REFERENCE = `
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> c: array<f32>;
@compute @workgroup_size(1) fn rows(@builtin(global_invocation_id) id: vec3u) {
  for (var x = 0u; x < 32u; x++) {
    c[id.x * 32u + x] = 0.0;
    for (var k = 0u; k < 32u; k++) { c[id.x * 32u + x] += a[id.x * 32u + k] * b[k * 32u + x]; }
  }
}`;
const BUFFERS = ["--bind", "a:f32[32,32]", "--bind", "b:f32[32,32]", "--out", "c:f32[32,32]"];
const RUN = [
  "--node",
  "--dispatch",
  "4,4",
  "--constant",
  "SIDE=32",
  "--samples",
  "6",
  "--flops",
  "65536",
  "--no-roofline",
];

let folder: string;
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bench-wgsl-"));
  const files = {
    "product.wgsl": PRODUCT,
    "reference.wgsl": REFERENCE,
    "wrong.wgsl": REFERENCE.replace("a[id.x * 32u + k] *", "2.0 * a[id.x * 32u + k] *"),
    "broken.wgsl": PRODUCT.replace("sum += a", "sum += missing * a"),
    "texture.wgsl":
      "@group(0) @binding(0) var t: texture_2d<f32>;\n@compute @workgroup_size(1) fn main() { _ = textureLoad(t, vec2u(), 0); }",
    "two.wgsl": "@compute @workgroup_size(1) fn one() {}\n@compute @workgroup_size(1) fn two() {}",
    "none.wgsl": "fn f() {}",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(file(name), text);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const wgsl = (name: string, ...args: string[]) => benchHere("wgsl", file(name), ...RUN, ...args);

describe("a shader of one's own", () => {
  it("is checked against another shader, and timed", async () => {
    const { code, stdout } = await wgsl(
      "product.wgsl",
      ...BUFFERS,
      "--check",
      file("reference.wgsl"),
      "--check-dispatch",
      "32",
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/\| product \[4, 4, 1\] \| [\d.]+ \| [\d.]+ \| [\d.]+ \| [\d.]+ \| {2,}\|/);
    expect(stdout).toMatch(/Its results are within \d\.\de[-+]\d of .*reference\.wgsl\./);
  });

  it("is checked against a file of NumPy's", async () => {
    const identity = Float32Array.from({ length: 1024 }, (_, i) => (i % 33 === 0 ? 1 : 0));
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (32, 32), }".padEnd(117).concat("\n");
    const npy = Buffer.concat([
      Buffer.from("\x93NUMPY\x01\x00", "latin1"),
      Buffer.from([118, 0]),
      Buffer.from(header),
      Buffer.from(identity.buffer),
    ]);
    await writeFile(file("identity.npy"), npy);
    const matrices = [
      "--bind",
      `a:f32[32,32]=${file("identity.npy")}`,
      "--bind",
      `b:f32[32,32]=${file("identity.npy")}`,
      "--out",
      "c:f32[32,32]",
    ];
    const right = await wgsl("product.wgsl", ...matrices, "--check", file("identity.npy"));
    expect(right.stdout).toContain("Its results are within 0.0e+0 of");
    const wrong = await wgsl("product.wgsl", ...BUFFERS, "--check", file("identity.npy"));
    expect(wrong.lines.at(-1)).toMatch(
      /^bench: c is off by \d\.\de[+-]\d compared with .*identity\.npy, and 0\.0001 is allowed, so nothing is timed\.$/,
    );
    expect(wrong.code).toBe(1);
  });

  it.each([
    [
      "a wrong result",
      "product.wgsl",
      [...BUFFERS, "--check", "wrong.wgsl", "--check-dispatch", "32"],
      /^bench: c is off by 5\.0e-1 compared with/,
    ],
    [
      "a shader that does not compile",
      "broken.wgsl",
      BUFFERS,
      /^bench: (Shader broken\.wgsl does not compile: broken\.wgsl:8:\d+ .*missing|.*is not WGSL)/,
    ],
    ["a texture", "texture.wgsl", [], /^bench: .*texture\.wgsl binds t, which is no buffer: /],
    [
      "several entry points",
      "two.wgsl",
      [],
      /^bench: .* has several entry points: choose one of one, two with --entry\.$/,
    ],
    ["no entry point", "none.wgsl", [], /^bench: .*none\.wgsl has no @compute entry point\.$/],
    ["no file", "nowhere.wgsl", [], /^bench: .*nowhere\.wgsl cannot be read: /],
    [
      "a missing buffer",
      "product.wgsl",
      BUFFERS.slice(2),
      /^bench: .* uses the binding a, which is not given: add --bind "a:f32\[…\]" with its sizes\.$/,
    ],
    [
      "an unknown buffer",
      "product.wgsl",
      [...BUFFERS, "--bind", "d:f32[4]"],
      /^bench: .* uses no binding d: it uses a, b, c\.$/,
    ],
    [
      "a buffer of another type",
      "product.wgsl",
      [...BUFFERS.slice(2), "--bind", "a:u32[32,32]"],
      /^bench: Shader product needs f32 for its binding a, at least 1; got /,
    ],
    [
      "bad sizes",
      "product.wgsl",
      [...BUFFERS.slice(2), "--bind", "a:f32[0]"],
      /^bench: "a:f32\[0\]" describes no buffer: /,
    ],
    [
      "too few numbers",
      "product.wgsl",
      [...BUFFERS.slice(2), "--bind", "a:f32[4]=1,2"],
      /^bench: a has 4 elements, and 1,2 gives 2 numbers\.$/,
    ],
    [
      "an unknown constant",
      "product.wgsl",
      [...BUFFERS, "--constant", "WIDTH=3"],
      /^bench: Shader product has no override constant WIDTH; it has SIDE\.$/,
    ],
    [
      "a constant without a value",
      "product.wgsl",
      [...BUFFERS, "--constant", "SIDE"],
      /^bench: "SIDE" is no constant: /,
    ],
  ])("with %s is refused in one sentence, with exit code 1", async (_, name, args, message) => {
    const paths = args.map((arg) => (arg === "wrong.wgsl" ? file(arg) : arg));
    const { code, lines } = await wgsl(name, ...paths);
    expect(lines.at(-1)).toMatch(message);
    expect(lines.filter((line) => !/: (results|times)$/.test(line))).toHaveLength(1);
    expect(code).toBe(1);
  });
});
