import { decodeFloats } from "../harness/floats.js";
import type { HarnessCalls } from "../harness/harness.js";
import type { Result } from "./agreement.js";
import type { WorkloadName } from "./workloads.js";

/** An implementation that takes part in the comparison, in the harness or in a process of its own. */
export interface Participant {
  readonly name: string;
  readonly version: string;
  /** The workloads that it tries. It may fail at some. */
  readonly workloads: readonly WorkloadName[];
  /** Prepares a workload and returns its numbers. */
  prepare(workload: WorkloadName): Promise<Result>;
  /** Milliseconds per run, averaged over `times` runs in a row. */
  sample(workload: WorkloadName, times: number): Promise<number>;
  release(workload: WorkloadName): Promise<void>;
  close(): void;
}

/** A participant inside the harness: this package, or a peer that the harness loaded. */
export function inHarness(
  harness: HarnessCalls,
  { name, workloads }: { readonly name: string; readonly workloads: readonly WorkloadName[] },
  version: string,
): Participant {
  return {
    name,
    version,
    workloads,
    prepare: async (workload) => decodeResult(await harness.prepare(name, workload)),
    sample: (workload, times) => harness.sample(name, workload, times),
    release: (workload) => harness.release(name, workload),
    close: () => {},
  };
}

/** A participant that could not start. It refuses every workload with the reason. */
export function absent(
  name: string,
  version: string,
  workloads: readonly WorkloadName[],
  reason: string,
): Participant {
  const refuse = async (): Promise<never> => {
    throw new Error(reason);
  };
  return {
    name,
    version,
    workloads,
    prepare: refuse,
    sample: refuse,
    release: async () => {},
    close: () => {},
  };
}

export function decodeResult(encoded: Readonly<Record<string, string>>): Result {
  return Object.fromEntries(Object.entries(encoded).map(([name, text]) => [name, decodeFloats(text)]));
}
