import { PROBES, type ProbeName } from "../harness/probes/index.js";
import type { BenchResult } from "../report/result/result.js";
import { progress } from "./progress.js";
import type { Side } from "./side.js";

/** Finds the figures of a device: the probes, and the sweep over the arithmetic for each byte. */
export async function measureDevice({ harness, recorder }: Side): Promise<void> {
  for (const name of Object.keys(PROBES) as ProbeName[]) {
    const { title } = PROBES[name];
    progress(title);
    const rows = await harness.probe(name);
    const probes: BenchResult["probes"] = [...(recorder.result.probes ?? []), { title, rows }];
    recorder.set({ probes });
  }
  progress("arithmetic intensity");
  recorder.set({ intensity: await harness.intensity() });
}
