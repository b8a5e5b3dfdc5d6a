import type { HarnessCalls, Opened } from "../harness/harness.js";
import { DispatchMeasurement, type DispatchRows } from "../measure/dispatches.js";
import { untilInterrupted } from "./interrupt.js";
import { type PlanOptions, planOf } from "./plan-options.js";

/**
 * Times the dispatches of what the harness has opened, and prints them, also if a signal ends it early.
 * @returns them; undefined without a sample.
 */
export async function timeAndPrint(
  harness: HarnessCalls,
  opened: Opened,
  options: PlanOptions,
  print: (rows: DispatchRows) => void,
): Promise<DispatchRows | undefined> {
  const measurement = new DispatchMeasurement(harness, opened);
  const publish = (): void => {
    if (measurement.rows) print(measurement.rows);
  };
  await untilInterrupted(measurement.run(planOf(options)), publish);
  publish();
  return measurement.rows;
}
