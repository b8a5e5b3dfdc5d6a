import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { rgbImage } from "../../../src/image/rgb-image.js";
import { type GanWeights, ganWeights } from "../../../src/model/gan/gan-weights.js";
import { MetaStep } from "../../../src/train/meta/meta-step.js";
import { parseSafetensors } from "../../../src/weights/safetensors.js";
import { isIdleBias } from "../../support/adapt-by-steps.js";
import { maxDifference } from "../../support/difference.js";
import { useEngine } from "../../support/engine.js";
import { relativeError } from "../../support/gradient-check.js";
import { findReference } from "../../support/reference.js";
import { loadTrace, loadTraceMeta, type TraceTensor, traceData } from "../../support/traces.js";

const WEIGHTS = findReference("reference/metakernelgan.safetensors", "the authors' outer step");
const input = loadTrace("meta_input");

type Trace = Map<string, TraceTensor>;

interface Meta {
  readonly weights: readonly number[];
  readonly val: readonly { adv: number; reg: number; k_l1: number; dis: number }[];
}

const gpu = useEngine();

/** The weights that a recorded run began with. */
function startOf(trace: Trace): GanWeights {
  const own = [...trace.keys()].filter((name) => name.startsWith("init/"));
  if (own.length === 0) return ganWeights(parseSafetensors(new Uint8Array(readFileSync(WEIGHTS as string))));
  return new Map(own.map((name) => [name.slice(5), Float32Array.from(traceData(trace, name))]));
}

// Compares with recorded runs of the authors' own code.
describe.skipIf(!input || !WEIGHTS)("an outer step against the authors' own", () => {
  const given = (name: string): Float32Array => Float32Array.from(traceData(input as Trace, name));

  it.each(["ckpt", "random"])("has the losses, outer gradients and weights of the run %s", async (kind) => {
    const group = `meta_trace_v12_${kind}_j0_f64`;
    const trace = loadTrace(group) as Trace;
    const meta = loadTraceMeta<Meta>(group) as Meta;
    const start = startOf(trace);
    const step = await MetaStep.record(gpu.engine, { evaluations: [1, 2], noise: false, steps: 1 });
    step.initialization.load(start);
    const task = {
      images: { parent: rgbImage(96, 96, given("dad")), child: rgbImage(48, 48, given("son")) },
      kernel: given("gt_kernel"),
      windows: given("coords").slice(0, 4),
      evaluationWindows: given("val_coords").slice(0, 4),
    };
    step.run([task], meta.weights, 0);

    const losses = (await step.losses()).map((each) => Object.values(each));
    losses.forEach((values, evaluation) => {
      const { adv, reg, k_l1, dis } = meta.val[evaluation] as Meta["val"][number];
      expect(maxDifference(values, [adv, reg, k_l1, dis]), `evaluation ${evaluation}`).toBeLessThan(1e-4);
    });

    const gradients = new Map([
      ...step.initialization.parameters.generator.split(
        await gpu.engine.read(step.initialization.outer.generator),
      ),
      ...step.initialization.parameters.discriminator.split(
        await gpu.engine.read(step.initialization.outer.discriminator),
      ),
    ]);
    const after = (await step.initialization.read()).weights;
    const compared = [...gradients.keys()].filter((name) => !isIdleBias(name));
    expect(compared).toHaveLength(24);
    for (const name of compared) {
      const gradient = gradients.get(name) as Float32Array;
      const expected = traceData(trace, `outer_grad/${name}`);
      expect(relativeError(gradient, expected), name).toBeLessThan(1e-3);
      expectAdam(name, start.get(name), gradient, after.get(name));

      // A first step of Adam has the sign of the gradient and no size of it: compared where the sign is certain.
      const recorded = traceData(trace, `after_adam/${name}`);
      const largest = Math.max(...expected.map(Math.abs));
      const certain = [...expected.keys()].filter((i) => Math.abs(expected[i] as number) > 1e-2 * largest);
      expect(certain.length, name).toBeGreaterThan(0);
      const error = maxDifference(
        certain.map((i) => after.get(name)?.[i] as number),
        certain.map((i) => recorded[i] as number),
      );
      expect(error, name).toBeLessThan(1e-6);
    }
    for (const name of [...gradients.keys()].filter(isIdleBias)) {
      expect(after.get(name), name).toEqual(start.get(name));
    }
  });
});

/** Holds the weights to a first step of Adam in float64 along a gradient. */
function expectAdam(
  name: string,
  before: Float32Array | undefined,
  gradient: Float32Array,
  after: Float32Array | undefined,
): void {
  const expected = Array.from(gradient, (value, i) => {
    const first = (0.1 * value) / (1 - 0.9);
    const second = (0.001 * value ** 2) / (1 - 0.999);
    return (before?.[i] as number) - (1e-4 * first) / (Math.sqrt(second) + 1e-8);
  });
  expect(maxDifference(after ?? [], expected), `Adam of ${name}`).toBeLessThan(2e-7);
}
