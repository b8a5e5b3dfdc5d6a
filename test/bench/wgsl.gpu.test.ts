import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ShaderSession } from "../../bench/harness/sessions/shader-session.js";
import { readShaderFile } from "../../bench/wgsl/interface.js";
import { parseBuffer } from "../../bench/wgsl/parse-buffer.js";
import { createEngine } from "../../src/node/device/create-engine.js";
import { benchHere } from "./bench-here.js";
import { runBench } from "./run-bench.js";

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
const UNIFORM = `
override SIDE: u32 = 1;
struct Line { slope: f32, start: f32 }
@group(0) @binding(0) var<uniform> line: Line;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) { _ = SIDE; y[id.x] = line.slope * x[id.x] + line.start; }`;
/** The same without buffers and constants that say how. */
const LINE = `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) { y[id.x] = 3.0 * x[id.x] + 2.0; }`;
const HALF = `
enable f16;
@group(0) @binding(0) var<storage, read> x: array<f16>;
@group(0) @binding(1) var<storage, read_write> y: array<vec2<f16>>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) { y[id.x / 2u][id.x % 2u] = 2.0h * x[id.x]; }`;
/** Adds to both of its results. */
const TWICE = `
@group(0) @binding(0) var<storage, read_write> a: array<u32>;
@group(0) @binding(1) var<storage, read_write> b: array<atomic<u32>>;
@compute @workgroup_size(4) fn main(@builtin(global_invocation_id) id: vec3u) { a[id.x] += 3u; atomicAdd(&b[id.x], 3u); }`;
/** Override constants of all types, one with a number. */
const NUMBERED = `
@id(7) override START: u32 = 0;
override DOWN: bool;
@group(0) @binding(0) var<storage, read_write> y: array<u32>;
@compute @workgroup_size(4) fn main(@builtin(global_invocation_id) id: vec3u) { y[id.x] = 1000000000u + START + select(id.x, 3u - id.x, DOWN); }`;
/** A shader that counts in bins, and reads what it counts only in an index. */
const BINS = `
struct Bins { total: atomic<u32>, bins: array<atomic<u32>, 3> }
struct Settings { shift: u32, weight: f32 }
@group(0) @binding(0) var<storage, read_write> counts: Bins;
@group(0) @binding(1) var<storage> x: array<u32>;
@group(0) @binding(2) var<uniform> settings: Settings;
@compute @workgroup_size(4) fn main(@builtin(global_invocation_id) id: vec3u) {
  atomicAdd(&counts.total, u32(settings.weight * 2.0));
  atomicAdd(&counts.bins[(x[id.x] + settings.shift) % 3u], 1u);
}`;
/** Writes roots of negative numbers, or numbers divided by 0. */
const NOT_FINITE = `
override INFINITE = false;
@group(0) @binding(0) var<storage> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(4) fn main(@builtin(global_invocation_id) id: vec3u) {
  y[id.x] = select(sqrt(x[id.x]), x[id.x] / f32(id.x), INFINITE);
}`;
const ENDLESS = `
@group(0) @binding(0) var<storage, read_write> y: array<u32>;
@compute @workgroup_size(1) fn main() { loop { y[0] += 1u; if (y[1] == 7u) { break; } } }`;
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

/** A file of NumPy's. */
function npy(type: string, shape: string, { buffer }: { readonly buffer: ArrayBufferLike }): Buffer {
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }`
    .padEnd(117)
    .concat("\n");
  return Buffer.concat([
    Buffer.from("\x93NUMPY\x01\x00", "latin1"),
    Buffer.from([118, 0]),
    Buffer.from(header),
    Buffer.from(buffer as ArrayBuffer),
  ]);
}

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
    "junk.wgsl": "# not a shader",
    "uniform.wgsl": UNIFORM,
    "half.wgsl": HALF,
    "twice.wgsl": TWICE,
    "numbered.wgsl": NUMBERED,
    "bins.wgsl": BINS,
    "not-finite.wgsl": NOT_FINITE,
    "line.wgsl": LINE,
    "endless.wgsl": ENDLESS,
    "other-integer.wgsl": NUMBERED.replace("1000000000u", "1000000001u"),
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
    await writeFile(file("identity.npy"), npy("<f4", "32, 32", identity));
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
      /^bench: c is off by \d\.\de[+-]\d compared with .*identity\.npy, most at element \d+ \([-\d.e]+ instead of [01]\), and 0\.0001 is allowed, so nothing is timed\.$/,
    );
    expect(wrong.code).toBe(1);
  });

  it("reads its constants from a uniform buffer, of a structure too", async () => {
    await writeFile(
      file("x.npy"),
      npy(">f4", "4,", Uint8Array.of(0x3f, 0x80, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, 0xbf, 0x80, 0, 0)),
    );
    await writeFile(file("y.npy"), npy("<i8", "4,", BigInt64Array.of(5n, 8n, 2n, -1n)));
    const { code, stdout, lines } = await benchHere(
      ...["wgsl", file("uniform.wgsl"), "--node", "--dispatch", "1", "--samples", "6", "--no-roofline"],
      ...["--bind", "line:f32[2]=3,2", "--bind", `x:f32[4]=${file("x.npy")}`, "--out", "y:f32[4]"],
      ...["--check", file("y.npy")],
    );
    expect(lines.filter((line) => !/: (results|times)$/.test(line))).toEqual([]);
    expect(stdout).toContain("Its results are within 0.0e+0 of");
    expect(code).toBe(0);
  });

  it("computes with half precision", async ({ skip }) => {
    const engine = await createEngine();
    const has = engine.device.features.has("shader-f16");
    engine.dispose();
    skip(!has, "this adapter has no shader-f16");
    await writeFile(file("halves.npy"), npy("<f2", "4,", Uint16Array.of(0x3c00, 0x0001, 0xc500, 0x7bff)));
    await writeFile(
      file("doubles.npy"),
      npy("<f8", "4,", Float64Array.of(2, 2 ** -23, -10, Number.POSITIVE_INFINITY)),
    );
    const run = (check: string, out = "") =>
      benchHere(
        ...["wgsl", file("half.wgsl"), "--node", "--dispatch", "1", "--samples", "6", "--no-roofline"],
        ...["--bind", `x:f16[4]=${file("halves.npy")}`, "--out", `y:f16[4]${out}`, "--check", file(check)],
      );
    const { stdout, lines } = await run("halves.npy");
    expect(stdout).toBe("");
    expect(lines.at(-1)).toMatch(/^bench: y is off by/);
    await writeFile(file("halves.npy"), npy("<f2", "4,", Uint16Array.of(0x3c00, 0x0001, 0xc500, 0x3555)));
    await writeFile(file("doubles.npy"), npy("<f8", "4,", Float64Array.of(2, 2 ** -23, -10, 2 / 3)));
    expect((await run("doubles.npy")).stdout).toMatch(/Its results are within \d\.\de-[5-9] of/);
  });

  it("is dispatched once before its results are checked, however many there are", async () => {
    await writeFile(file("threes.npy"), npy("|u1", "4,", Uint8Array.of(3, 3, 3, 3)));
    const { code, lines } = await benchHere(
      ...["wgsl", file("twice.wgsl"), "--node", "--dispatch", "1", "--samples", "6", "--no-roofline"],
      ...["--out", "a:u32[4]", "--out", "b:u32[4]", "--check", file("twice.wgsl")],
    );
    expect(lines.at(-1)).toMatch(/: times$/);
    expect(code).toBe(0);
    const engine = await createEngine();
    const { shader } = readShaderFile(file("twice.wgsl"));
    const buffers = ["a", "b"].map((text) => parseBuffer(`${text}:u32[4]`, "zeros"));
    const request = { shader, buffers, constants: {}, workgroups: [1], multiplyAdds: 0 };
    const session = await ShaderSession.open(engine, request);
    const threes = Uint32Array.of(3, 3, 3, 3);
    expect(await session.results(["a", "b"])).toEqual({ a: threes, b: threes });
    session.dispose();
    engine.dispose();
  });

  it("takes constants by name, truth values too, and compares integers to the last bit", async () => {
    const run = (...args: string[]) =>
      benchHere(
        ...["wgsl", file("numbered.wgsl"), "--node", "--dispatch", "1", "--samples", "6", "--no-roofline"],
        ...["--out", "y:u32[4]", "--constant", "START=5", "--constant", "DOWN=true", ...args],
      );
    await writeFile(file("down.npy"), npy("<u4", "4,", Uint32Array.of(1e9 + 8, 1e9 + 7, 1e9 + 6, 1e9 + 5)));
    expect((await run("--check", file("down.npy"))).stdout).toContain("within 0.0e+0 of");
    const other = ["--check", file("other-integer.wgsl")];
    expect((await run(...other)).lines.at(-1)).toMatch(
      /^bench: y is off by .*, most at element 0 \(1000000008 instead of 1000000009\), and 0 is allowed, so nothing is timed\.$/,
    );
    expect((await run(...other, "--tolerance", "1e-6")).code).toBe(0);
  });

  it("refuses a fraction for a constant that is an integer", async () => {
    const { lines, code } = await benchHere(
      ...["wgsl", file("numbered.wgsl"), "--node", "--dispatch", "1", "--no-roofline", "--out", "y:u32[4]"],
      ...["--constant", "START=2.5", "--constant", "DOWN=true"],
    );
    expect(lines.at(-1)).toBe(
      "bench: Shader numbered needs a whole number for its override constant START; got 2.5.",
    );
    expect(code).toBe(1);
  });

  it("takes the members of a structure, and a buffer that it reads only in an index", async () => {
    await writeFile(file("counts.npy"), npy("<u4", "4,", Uint32Array.of(12, 2, 1, 1)));
    const { stdout, code } = await benchHere(
      ...["wgsl", file("bins.wgsl"), "--node", "--dispatch", "1", "--samples", "2", "--no-roofline"],
      ...["--bind", "x:u32[4]=0,1,2,2", "--bind", "settings=1,1.5", "--out", "counts:u32[4]"],
      ...["--check", file("counts.npy")],
    );
    expect(stdout).toContain("within 0.0e+0 of");
    expect(code).toBe(0);
  });

  it("says where a result is no number, and takes equal infinities for equal", async () => {
    const run = (...args: string[]) =>
      benchHere(
        ...["wgsl", file("not-finite.wgsl"), "--node", "--dispatch", "1", "--samples", "2", "--no-roofline"],
        ...["--bind", "x:f32[4]=1,4,-9,16", "--out", "y:f32[4]", ...args],
      );
    const unchecked = await run();
    expect(unchecked.stdout).toContain("not checked: give --check. y is no number at element 2.");
    const itself = ["--check", file("not-finite.wgsl")];
    const refused = await run(...itself);
    expect(refused.lines.at(-1)).toMatch(
      /^bench: y is no number at element 2 \(NaN in .*not-finite\.wgsl\), so nothing is timed\.$/,
    );
    expect(refused.code).toBe(1);
    const infinite = ["--constant", "INFINITE=true"];
    expect((await run(...itself, ...infinite, "--tolerance", "0")).stdout).toContain("within 0.0e+0 of");
    await writeFile(file("other.npy"), npy("<f4", "4,", Float32Array.of(1, 4, -4.5, 16 / 3)));
    expect((await run(...infinite, "--check", file("other.npy"))).lines.at(-1)).toMatch(
      /^bench: y is off by/,
    );
  });

  it("says where its reference is no number", async () => {
    await writeFile(file("gap.npy"), npy("<f4", "4,", Float32Array.of(1, 2, Number.NaN, 4)));
    const { code, lines } = await benchHere(
      ...["wgsl", file("not-finite.wgsl"), "--node", "--dispatch", "1", "--no-roofline", "--out", "y:f32[4]"],
      ...["--bind", "x:f32[4]=1,4,9,16", "--check", file("gap.npy")],
    );
    expect(lines.at(-1)).toMatch(
      /^bench: .*gap\.npy is no number at element 2 of y \(3 in the result\), so nothing is timed\.$/,
    );
    expect(code).toBe(1);
  });

  it("is compared with a shader that has fewer buffers and constants, which gets the same numbers", async () => {
    const { stdout, code } = await benchHere(
      ...["wgsl", file("uniform.wgsl"), "--node", "--dispatch", "1", "--samples", "2", "--no-roofline"],
      ...["--bind", "line=3,2", "--bind", "x:f32[64]", "--out", "y:f32[64]", "--constant", "SIDE=2"],
      ...["--check", file("line.wgsl")],
    );
    expect(stdout).toMatch(/Its results are within (0\.0e\+0|\d\.\de-[78]) of .*line\.wgsl\./);
    expect(code).toBe(0);
  });

  it.each([
    ["in Node", "--node"],
    ["in Chrome", "--adapter", "swiftshader"],
  ])("is given up %s if it does not end", async (_, ...where) => {
    const args = ["wgsl", file("endless.wgsl"), "--dispatch", "1", "--out", "y:u32[2]", "--no-roofline"];
    const { code, stderr } = await runBench([...args, "--limit", "3", ...where]);
    expect(stderr).toMatch(
      /bench: The first dispatch of .*endless\.wgsl did not end within 3 s: does it loop for ever\?$/,
    );
    expect(code).toBe(1);
  });

  it("has the speeds and the shares that its operations, bytes and time say", async () => {
    const { stdout } = await benchHere(
      ...["wgsl", file("product.wgsl"), ...BUFFERS, "--node", "--dispatch", "4,4", "--constant", "SIDE=32"],
      ...["--samples", "6", "--flops", "65536", "--bytes", "400000"],
    );
    const rate = (what: string): number => Number(new RegExp(`([\\d.]+) ${what}`).exec(stdout)?.[1]);
    const [time, , gflops, bandwidth] = (/\| product \[4, 4, 1\] \|(.*)\|\n/.exec(stdout)?.[1] ?? "")
      .split("|")
      .map(Number) as [number, number, number, number];
    expect(gflops * time).toBeCloseTo(65536 / 1e6, 2);
    expect(bandwidth * time).toBeCloseTo(0.4, 1);
    const share = Math.max(
      gflops / rate("GFLOP/s"),
      bandwidth / Math.max(rate("GB/s in caches"), rate("GB/s in memory")),
    );
    const [, percent, roof] = /\| (\d+) % \((\w+)\) \|/.exec(stdout) ?? [];
    expect(Number(percent)).toBeCloseTo(100 * share, -1);
    expect(roof).toBe(gflops / rate("GFLOP/s") > share - 1e-9 ? "arithmetic" : "caches");
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
      /^bench: (Shader broken\.wgsl does not compile: broken\.wgsl:8:\d+ .*missing|.*is not WGSL, or )/,
    ],
    ["a texture", "texture.wgsl", [], /^bench: .*texture\.wgsl binds t, which is no buffer: /],
    [
      "several entry points",
      "two.wgsl",
      [],
      /^bench: .* has several entry points: choose one of one, two with --entry\.$/,
    ],
    ["no entry point", "none.wgsl", [], /^bench: .*none\.wgsl has no @compute entry point\.$/],
    ["no WGSL in it", "junk.wgsl", [], /^bench: .*junk\.wgsl is not WGSL, or has what the [^\n]*\.$/],
    [
      "a path where numbers are wanted",
      "product.wgsl",
      [...BUFFERS.slice(2), "--bind", "a:f32[32,32]=a.txt"],
      /^bench: a begins with "a\.txt", which is none of random, zeros, numbers such as 1,2,3, and a \.npy file\.$/,
    ],
    [
      "numbers that its type does not hold",
      "product.wgsl",
      [...BUFFERS.slice(2), "--bind", "a:u32[2]=1,-2"],
      /^bench: a is of u32, which does not hold -2\.$/,
    ],
    ["no file", "nowhere.wgsl", [], /^bench: .*nowhere\.wgsl cannot be read: there is no such file\.$/],
    [
      "no file of NumPy's",
      "product.wgsl",
      [...BUFFERS, "--check", "nowhere.npy"],
      /^bench: .*nowhere\.npy cannot be read: there is no such file\.$/,
    ],
    [
      "a structure that it does not have",
      "product.wgsl",
      [...BUFFERS, "--bind", "settings=1,2"],
      /^bench: .* uses no binding settings: it uses a, b, c\.$/,
    ],
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
      "constants in a uniform buffer that is too large",
      "uniform.wgsl",
      ["--bind", "line:f32[100000]", "--bind", "x:f32[64]", "--out", "y:f32[64]"],
      /^bench: The GPU device reported: Binding size \(400000\) [^\n]+\.$/,
    ],
    [
      "an unknown constant",
      "product.wgsl",
      [...BUFFERS, "--constant", "WIDTH=3"],
      /^bench: Shader product has no override constant WIDTH; it has SIDE\.$/,
    ],
    [
      "a constant given twice",
      "product.wgsl",
      [...BUFFERS, "--constant", "SIDE=8"],
      /^bench: The constant SIDE is given twice: give it once\.$/,
    ],
    [
      "an odd number of half precision",
      "product.wgsl",
      [...BUFFERS.slice(2), "--bind", "a:f16[3]"],
      /^bench: a has 3 elements of f16, and a buffer takes whole words: give an even number\.$/,
    ],
    [
      "a constant without a value",
      "product.wgsl",
      [...BUFFERS, "--constant", "SIDE"],
      /^bench: "SIDE" is no constant: /,
    ],
  ])("with %s is refused in one sentence, with exit code 1", async (_, name, args, message) => {
    const paths = args.map((arg) => (["wrong.wgsl", "nowhere.npy"].includes(arg) ? file(arg) : arg));
    const { code, lines } = await wgsl(name, ...paths);
    expect(lines.at(-1)).toMatch(message);
    expect(lines.filter((line) => !/: (results|times)$/.test(line))).toHaveLength(1);
    expect(code).toBe(1);
  });
});
