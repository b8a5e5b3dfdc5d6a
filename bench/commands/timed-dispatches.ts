import type { HarnessCalls } from "../harness/harness.js";
import type { DispatchWork } from "../harness/sessions/dispatch-session.js";
import { DispatchMeasurement, type DispatchRows } from "../measure/dispatches.js";
import { untilInterrupted } from "./interrupt.js";
import { type PlanOptions, planOf } from "./plan-options.js";

/** Times the dispatches of what the harness has opened, and prints them, also if a signal ends it early. */
export async function timeAndPrint(
  harness: HarnessCalls,
  work: readonly DispatchWork[],
  options: PlanOptions,
  print: (rows: DispatchRows) => void,
): Promise<void> {
  const measurement = new DispatchMeasurement(harness, work);
  const publish = (): void => {
    if (measurement.rows) print(measurement.rows);
  };
  await untilInterrupted(measurement.run(planOf(options)), publish);
  publish();
}
