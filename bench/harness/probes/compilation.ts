import type { Engine } from "../../../src/engine/device/engine.js";
import { median } from "../../report/statistics/statistics.js";
import fmaShader from "../../shaders/fma.wgsl";
import type { Probe, ProbeRow } from "./probe.js";

const SAMPLES = 5;

/** Milliseconds from a text to its pipeline. */
async function compile({ device }: Engine, code: string): Promise<number> {
  const start = performance.now();
  await device.createComputePipelineAsync({
    layout: "auto",
    compute: {
      module: device.createShaderModule({ code }),
      entryPoint: "main",
      constants: { ROUNDS: 8 },
    },
  });
  return performance.now() - start;
}

/** Compiling a shader of forty lines that no cache knows, and compiling it again. */
export const compilation: Probe = {
  title: "compilation",
  async run(engine: Engine): Promise<ProbeRow[]> {
    const [cold, warm]: [number[], number[]] = [[], []];
    for (let sample = 0; sample < SAMPLES; sample++) {
      // A constant of its own: comments and names do not get past a cache of compiled code.
      const code = fmaShader.code.replace("first + 15.0", `first + ${15 + Math.random()}`);
      cold.push(await compile(engine, code));
      warm.push(await compile(engine, code));
    }
    return [
      { name: "a pipeline of new text", unit: "ms", value: median(cold) },
      { name: "a pipeline of the same text again", unit: "ms", value: median(warm) },
    ];
  },
};
