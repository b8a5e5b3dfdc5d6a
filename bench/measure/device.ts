import { PROBES, type ProbeName } from "../harness/probes/index.js";
import type { BenchResult } from "../report/result/result.js";
import { progress } from "./progress.js";
import type { Side } from "./side.js";

/**
 * Finds the figures of a device: the probes, and the sweep over the arithmetic for each byte.
 * @param quick whether each is measured only once.
 */
export async function measureDevice({ harness, recorder }: Side, quick = false): Promise<void> {
  for (const name of Object.keys(PROBES) as ProbeName[]) {
    const { title } = PROBES[name];
    progress(title);
    const rows = await harness.probe(name, quick);
    const probes: BenchResult["probes"] = [...(recorder.result.probes ?? []), { title, rows }];
    recorder.set({ probes });
  }
  progress("arithmetic intensity");
  recorder.set({ intensity: await harness.intensity(quick) });
}
