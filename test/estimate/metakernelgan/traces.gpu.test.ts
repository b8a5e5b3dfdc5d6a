import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Adaptation } from "../../../src/estimate/adaptation/adaptation.js";
import { recordMetaKernelGanStep } from "../../../src/estimate/metakernelgan/metakernelgan-step.js";
import { ganWeights } from "../../../src/model/gan/gan-weights.js";
import { parseSafetensors } from "../../../src/weights/safetensors.js";
import { adaptBySteps, isIdleBias } from "../../support/adapt-by-steps.js";
import { maxDifference } from "../../support/difference.js";
import { useEngine } from "../../support/engine.js";
import { relativeError } from "../../support/gradient-check.js";
import { findReference } from "../../support/reference.js";
import { loadTrace, type TraceTensor, traceData } from "../../support/traces.js";

const WEIGHTS = findReference("reference/metakernelgan.safetensors", "the authors' adaptation");
const input = loadTrace("adapt_input");

type Trace = Map<string, TraceTensor>;

const gpu = useEngine();

// Compares with recorded runs of the authors' own code and weights.
describe.skipIf(!input || !WEIGHTS)("adaptation against the authors' own", () => {
  const weights = () => ganWeights(parseSafetensors(new Uint8Array(readFileSync(WEIGHTS as string))));
  const image = () => {
    const { shape, data } = (input as Trace).get("lr") as TraceTensor;
    return { width: shape[3] as number, height: shape[2] as number, data: data as Float32Array };
  };
  const corners = (steps: number): [number, number][] => {
    const all = traceData(input as Trace, "coords");
    return Array.from({ length: steps }, (_, i) => [all[2 * i] as number, all[2 * i + 1] as number]);
  };
  const kernelAt = (trace: Trace, name: string, step: number): number[] =>
    Array.from(traceData(trace, name)).slice(121 * step, 121 * (step + 1)) as number[];

  /** Every gradient that the trace has, but those of biases that cannot matter. */
  function expectGradients(actual: ReadonlyMap<string, Float32Array>, trace: Trace, step: number): void {
    const prefix = `step${step}/grad/`;
    const names = [...trace.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
    const compared = names.filter((name) => !isIdleBias(name));
    expect(compared.length).toBeGreaterThan(17);
    for (const name of compared) {
      const error = relativeError(actual.get(name) ?? [], traceData(trace, prefix + name));
      expect(error, name).toBeLessThan(1e-4);
    }
  }

  it("has the kernels after 1, 2, 5 and 25 steps, and the losses of the first five", async () => {
    const trace = loadTrace("adapt_trace_steps_collapsed") as Trace;
    const adaptation = await Adaptation.record(
      gpu.engine,
      weights(),
      {
        image: image(),
        steps: 25,
        corners: corners(25).flat(),
        seed: 0,
        noise: false,
      },
      recordMetaKernelGanStep(),
    );
    const { kernels, losses } = await adaptation.run();
    adaptation.dispose();
    for (const [step, tolerance] of [
      [0, 1e-7],
      [1, 1e-7],
      [2, 3e-5],
      [5, 3e-5],
      [25, 5e-3],
    ] as const) {
      const error = maxDifference(kernels[step] ?? [], kernelAt(trace, "kernels_f64", step));
      expect(error, `after ${step} steps`).toBeLessThan(tolerance);
    }
    const expected = traceData(trace, "losses_f64");
    losses.slice(0, 5).forEach(({ adversarial, constraints, discriminator }, step) => {
      const error = maxDifference(
        [adversarial, adversarial + constraints, discriminator],
        Array.from(expected).slice(3 * step, 3 * step + 3) as number[],
      );
      expect(error, `losses of step ${step + 1}`).toBeLessThan(step < 2 ? 2e-6 : 1e-4);
    });
  });

  it("has the gradients of the first step", async () => {
    const [first] = await adaptBySteps(gpu.engine, weights(), image(), corners(1));
    expectGradients(first?.gradients ?? new Map(), loadTrace("adapt_trace_f64") as Trace, 1);
  });

  it("has kernels, losses and gradients with the recorded noise", async () => {
    const trace = loadTrace("adapt_noise_trace_f64") as Trace;
    const steps = await adaptBySteps(gpu.engine, weights(), image(), corners(5), (step) => [
      ...(traceData(trace, `noise/${step + 1}/real`) as Float32Array),
      ...(traceData(trace, `noise/${step + 1}/fake`) as Float32Array),
    ]);
    expectGradients(steps[0]?.gradients ?? new Map(), trace, 1);
    const expected = traceData(trace, "losses");
    steps.forEach(({ kernel, losses }, step) => {
      expect(maxDifference(kernel, traceData(trace, `kernel/${step + 1}`))).toBeLessThan(3e-5);
      expect(
        maxDifference(losses, Array.from(expected).slice(3 * step, 3 * step + 3) as number[]),
        `losses of step ${step + 1}`,
      ).toBeLessThan(1e-4);
    });
  });
});
