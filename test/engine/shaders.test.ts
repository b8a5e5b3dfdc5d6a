import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { WgslExec, WgslParser } from "wgsl_reflect/wgsl_reflect.module.js";
import { listShaders, readShaderText } from "../../tools/shaders/wgsl-includes.js";
import { reflectShader } from "../../tools/shaders/wgsl-plugin.js";
import { crop } from "../oracle/crop.js";
import { ndArray } from "../oracle/nd-array.js";
import { sgd } from "../oracle/optimizers.js";
import { sigmoid } from "../oracle/sigmoid.js";
import { STEP_OPERATIONS } from "../support/step-operations.js";

const FOLDER = fileURLToPath(new URL("../../src/shaders/", import.meta.url));
const shaders = listShaders(FOLDER).map((file) => ({ file, code: readShaderText(join(FOLDER, file)).code }));

describe.each(shaders)("$file", ({ file, code }) => {
  const shader = reflectShader(basename(file, ".wgsl"), code);
  const withoutComments = code.replace(/\/\/.*$/gm, "");

  it("numbers its bindings from 0, all in group 0", () => {
    const declared = [...code.matchAll(/@group\((\d+)\)/g)].map(([, group]) => group);
    expect(declared.every((group) => group === "0")).toBe(true);
    expect(declared).toHaveLength(shader.bindings.length);
    expect(shader.bindings.map(({ binding }) => binding)).toEqual(shader.bindings.map((_, i) => i));
    expect(shader.bindings.length).toBeGreaterThan(0);
    // Every WebGPU device has eight.
    expect(shader.bindings.length).toBeLessThanOrEqual(8);
  });

  it("says first what it computes", () => {
    expect(code.replace(/^(enable \w+;\s*)*/, "")).toMatch(/^\/\/ \S/);
  });

  it("uses each of its constants and bindings", () => {
    for (const name of [...shader.overrides, ...shader.bindings.map((binding) => binding.name)]) {
      const uses = withoutComments.match(new RegExp(`\\b${name}\\b`, "g"));
      expect(uses?.length, name).toBeGreaterThan(1);
    }
  });
});

describe("a shader that looks up a row by the step", () => {
  it("is among those whose programs are held to the length of their tables", () => {
    const names = shaders
      .filter(({ code }) => /\[[^\]\n]*counter\.step/.test(code))
      .map(({ file }) => basename(file, ".wgsl"));
    // A backward pass stands behind its forward pass, in the same program.
    const forward = names.filter((name) => !name.endsWith("_backward"));
    expect(forward.sort()).toEqual(Object.keys(STEP_OPERATIONS).sort());
  });
});

/** Runs a shader in an interpreter of WGSL, without any GPU; returns what a binding holds afterward. */
function interpret(
  file: string,
  constants: Record<string, number>,
  arrays: Record<string, Float32Array | Uint32Array>,
  result: string,
  workgroups: readonly number[] = [2],
): Float32Array {
  const code = shaders.find((shader) => basename(shader.file) === file)?.code ?? "";
  // The interpreter does not take the size of a workgroup from a constant.
  const sized = code.replace("@workgroup_size(WORKGROUP)", "@workgroup_size(4)");
  const { bindings } = reflectShader(file, code);
  const group = Object.fromEntries(bindings.map((binding) => [binding.binding, arrays[binding.name]]));
  const exec = new WgslExec(new WgslParser().parse(sized));
  exec.dispatchWorkgroups("main", [...workgroups], { 0: group }, { constants });
  return arrays[result] as Float32Array;
}

describe("shaders in an interpreter", () => {
  it("sigmoid", () => {
    const x = Float32Array.from({ length: 7 }, (_, i) => i - 3.5);
    const y = interpret("sigmoid.wgsl", { COUNT: 7 }, { x, y: new Float32Array(8) }, "y");
    const expected = sigmoid(ndArray([7], x)).data;
    for (let i = 0; i < 7; i++) expect(y[i]).toBeCloseTo(expected[i] as number, 6);
    expect(y[7]).toBe(0);
  });

  it("crop", () => {
    const source = Float32Array.from({ length: 2 * 5 * 6 }, (_, i) => i);
    const out = interpret(
      "crop.wgsl",
      { HEIGHT: 5, WIDTH: 6, OUT_HEIGHT: 2, OUT_WIDTH: 2, SCALE: 2 },
      {
        source,
        offsets: Uint32Array.of(0, 0, 1, 2),
        counter: Uint32Array.of(1, 0),
        out: new Float32Array(8),
      },
      "out",
      [1, 2, 2],
    );
    expect([...out]).toEqual([...crop(ndArray([2, 5, 6], source), [1, 2], 2, 2).data]);
  });

  it("sgd", () => {
    const [p, g] = [
      [1, 2, 3, 4, 5, 6, 7, 8],
      [8, 7, 6, 5, 4, 3, 2, 1],
    ];
    const stepped = interpret(
      "sgd.wgsl",
      {},
      {
        p: Float32Array.from(p),
        g: Float32Array.from(g),
        rates: Float32Array.of(9, 0.25),
        rate_multipliers: new Float32Array(8).fill(2),
        counter: Uint32Array.of(1, 0),
      },
      "p",
    );
    expect([...stepped]).toEqual(sgd(p, g, 0.5));
  });
});
