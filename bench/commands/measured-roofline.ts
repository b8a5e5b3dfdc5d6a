import type { HarnessCalls } from "../harness/harness.js";
import type { Roofline } from "../harness/roofline/roofline.js";
import { progress } from "../measure/progress.js";
import { rooflineText } from "../report/tables/table.js";

/** Measures the roofline and prints it. */
export async function measuredRoofline(harness: HarnessCalls): Promise<Roofline> {
  progress("roofline");
  const roofline = await harness.roofline();
  process.stdout.write(`${rooflineText(roofline, undefined)}\n\n`);
  return roofline;
}
