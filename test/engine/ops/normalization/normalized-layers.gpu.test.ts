import { describe, expect, it } from "vitest";
import { normalizedLayers } from "../../../../src/engine/ops/normalization/normalized-layers.js";
import { RandomStream } from "../../../../src/engine/random.js";
import { Tape } from "../../../../src/engine/recording/tape.js";
import type { Tensor } from "../../../../src/engine/tensors/tensor.js";
import { ganLoss } from "../../../../src/model/losses/gan-loss.js";
import { batchNorm, batchNormRelu } from "../../../oracle/batch-norm-relu.js";
import { matmul } from "../../../oracle/matmul.js";
import type { NdArray } from "../../../oracle/nd-array.js";
import { project } from "../../../oracle/project.js";
import { useEngine } from "../../../support/engine.js";
import { expectMatches, type OpCase, randomArray } from "../../../support/gradient-check.js";
import { useProductVariants } from "../../../support/product-variants.js";

const gpu = useEngine();

type Inputs = Record<string, NdArray>;

/** Smallest size of what goes into a ReLU, and what comes out at the end. */
function walk(inputs: Inputs, depth: number): { nearest: number; out: NdArray } {
  let [x, nearest] = [inputs.x as NdArray, Infinity];
  for (let i = 0; i < depth; i++) {
    const [gamma, beta] = [inputs[`gamma${i}`] as NdArray, inputs[`beta${i}`] as NdArray];
    const z = matmul(inputs[`w${i}`] as NdArray, x);
    nearest = batchNorm(z, gamma, beta).data.reduce((least, y) => Math.min(least, Math.abs(y)), nearest);
    x = batchNormRelu(z, gamma, beta);
  }
  return { nearest, out: project(x, inputs.head as NdArray, inputs.bias as NdArray) };
}

/** Draws until no activation is near ReLU's kink, where a difference quotient would say nothing. */
function draw(
  seed: number,
  [N = 0, K = 0, P = 0]: readonly number[],
  widths: readonly number[],
  heads = 1,
): Inputs {
  const random = new RandomStream(seed, 3);
  for (;;) {
    const inputs: Inputs = { x: randomArray(random, [N, K, P]) };
    widths.forEach((M, i) => {
      inputs[`w${i}`] = randomArray(random, [N, M, widths[i - 1] ?? K]);
      inputs[`gamma${i}`] = randomArray(random, [M]);
      inputs[`beta${i}`] = randomArray(random, [M]);
    });
    inputs.head = randomArray(random, [N, heads, widths.at(-1) as number]);
    inputs.bias = randomArray(random, [heads]);
    if (walk(inputs, widths.length).nearest > 1e-3) return inputs;
  }
}

function record(tape: Tape, tensors: Readonly<Record<string, Tensor>>, depth: number): Tensor {
  const at = (name: string): Tensor => tensors[name] as Tensor;
  const layers = Array.from({ length: depth }, (_, i) => ({
    weight: at(`w${i}`),
    gamma: at(`gamma${i}`),
    beta: at(`beta${i}`),
  }));
  return normalizedLayers(tape, at("x"), layers, { weight: at("head"), bias: at("bias") });
}

function opCase(inputs: Inputs, depth: number, wrt = Object.keys(inputs)): OpCase<string> {
  return {
    inputs,
    record: (tape, tensors) => [record(tape, tensors, depth)],
    oracle: (arrays) => [walk(arrays, depth).out],
    wrt,
  };
}

describe("normalizedLayers", () => {
  const variants = useProductVariants(gpu);

  // Rows are made 4, 16 or 32 at a time, and pixels 16 or 32: whole tiles, ragged ones, and sizes below one.
  it.each([
    { seed: 0, x: [1, 4, 8], widths: [4] },
    { seed: 1, x: [2, 8, 12], widths: [12, 4] },
    { seed: 2, x: [2, 4, 36], widths: [8, 4, 8] },
    { seed: 3, x: [1, 36, 4], widths: [36] },
  ])("equals its oracle in every variant for x $x and widths $widths", async ({ seed, x, widths }) => {
    // The inverse square root that WGSL asks for is good to 2 ulp at best, drivers differ, and layers add up.
    const tolerance = 2e-5 * widths.length;
    await expectMatches(variants, opCase(draw(seed, x, widths), widths.length), tolerance);
  });

  it("equals its oracle for a head of several channels", async () => {
    // Layers of the sizes above, whose shaders are compiled already.
    await expectMatches(variants, opCase(draw(7, [2, 8, 12], [12, 4], 3), 2), 4e-5);
  });

  it("equals its oracle for means far from zero, and adds to gradients from elsewhere", async () => {
    const inputs = draw(4, [2, 4, 36], [8]);
    const shifted = { ...inputs.x, data: (inputs.x as NdArray).data.map((value) => Math.fround(value + 8)) };
    const test = opCase({ ...inputs, x: shifted as NdArray }, 1);
    await expectMatches(
      variants,
      {
        ...test,
        record: (tape, tensors) => [record(tape, tensors, 1), record(tape, tensors, 1)],
        oracle: (arrays) => [walk(arrays, 1).out, walk(arrays, 1).out],
      },
      1e-4,
    );
  });

  it("gives a flat channel its beta", async () => {
    const inputs = draw(5, [2, 4, 36], [8]);
    const zero = { shape: [2, 8, 4], data: new Float64Array(64) };
    await expectMatches(variants, opCase({ ...inputs, w0: zero }, 1, ["beta0", "head", "bias"]));
  });

  it("has no dispatches for the gradients that were not asked for", async () => {
    const inputs = draw(6, [1, 4, 36], [8, 4]);
    const names = async (wrt: string[]): Promise<string[]> => {
      const tape = new Tape(gpu.engine);
      const tensors = Object.fromEntries(
        Object.entries(inputs).map(([name, { shape }]) => [name, tape.tensor(shape, name)]),
      );
      const y = record(tape, tensors, 2);
      const loss = ganLoss(tape, y.reshape([1, y.size]), [{ target: 1, weight: 1 }]);
      tape.backward(
        [{ loss, weight: 1 }],
        wrt.map((name) => tensors[name] as Tensor),
      );
      const program = await tape.finish();
      const labels = program.dispatches.map(({ label }) => label.replace("_subgroup", ""));
      program.dispose();
      return labels.slice(labels.indexOf("gan_loss") + 1).filter((label) => label !== "transpose");
    };
    expect(await names(["x"])).toEqual(["normalized_head_backward", "normalized_layer_backward", "matmul"]);
    expect(await names(["w0"])).toEqual([
      "normalized_head_backward",
      "normalized_layer_backward",
      "matmul_transposed",
    ]);
  });
});
