import { decodeFloats } from "../harness/floats.js";
import type { LaboratoryCalls } from "../harness/harness.js";
import type { Result } from "./agreement.js";
import type { WorkName } from "./workloads.js";

/** Somebody who does the works, wherever that is. */
export interface Contestant {
  readonly name: string;
  readonly version: string;
  /** The works that it takes part in, though it may fail. */
  readonly works: readonly WorkName[];
  /** Makes a work ready and gives its numbers. */
  prepare(work: WorkName): Promise<Result>;
  /** Milliseconds of a run, when there are so many in a row. */
  sample(work: WorkName, times: number): Promise<number>;
  release(work: WorkName): Promise<void>;
  close(): void;
}

/** One in the laboratory: this package, or a peer that was loaded there. */
export function inLaboratory(
  laboratory: LaboratoryCalls,
  { name, works }: { readonly name: string; readonly works: readonly WorkName[] },
  version: string,
): Contestant {
  return {
    name,
    version,
    works,
    prepare: async (work) => decodeResult(await laboratory.prepare(name, work)),
    sample: (work, times) => laboratory.sample(name, work, times),
    release: (work) => laboratory.release(name, work),
    close: () => {},
  };
}

/** One that could not even start: every work is refused with the reason. */
export function absent(
  name: string,
  version: string,
  works: readonly WorkName[],
  reason: string,
): Contestant {
  const refuse = async (): Promise<never> => {
    throw new Error(reason);
  };
  return { name, version, works, prepare: refuse, sample: refuse, release: async () => {}, close: () => {} };
}

export function decodeResult(encoded: Readonly<Record<string, string>>): Result {
  return Object.fromEntries(Object.entries(encoded).map(([name, text]) => [name, decodeFloats(text)]));
}
