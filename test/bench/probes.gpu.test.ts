import { expect, it } from "vitest";
import { PROBES, type ProbeName } from "../../bench/harness/probes/index.js";
import { useEngine } from "../support/engine.js";

const gpu = useEngine();

/** Features without which a figure has a reason instead of a value. */
const NEEDS: Readonly<Record<string, GPUFeatureName>> = {
  "f16 multiply-adds": "shader-f16",
  subgroupAdd: "subgroups",
};

it.each(Object.keys(PROBES) as ProbeName[])("the probe %s finds figures, or says why not", async (name) => {
  const before = gpu.engine.memory.bytes;
  for (const row of await PROBES[name].run(gpu.engine, 1)) {
    const needed = NEEDS[row.name];
    if (needed && !gpu.engine.device.features.has(needed)) expect("cannot" in row).toBe(true);
    else expect("value" in row ? row.value : row.cannot, row.name).toBeGreaterThanOrEqual(0);
  }
  expect(gpu.engine.memory.bytes).toBe(before);
});
