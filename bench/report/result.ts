import type { AdapterDescription } from "../../src/engine/device/adapter.js";
import type { ContestRow } from "../comparison/comparison.js";
import type { SamplingPlan } from "../comparison/interleave.js";
import type { WorkName } from "../comparison/workloads.js";
import type { KernelProfile } from "../harness/kernels.js";
import type { Roofline } from "../harness/roofline.js";
import type { Summary } from "./statistics.js";

/** Changes when older files can no longer be compared with. */
export const FORMAT = 2;

/** The name of this package among the contestants. */
export const OURS = "metakernelgan";

/** A measure of a job. */
export interface JobRow {
  readonly name: string;
  readonly unit: string;
  readonly time: Summary;
}

/** The kernels of a program, or why there are no times of them. */
export interface ProfileRows {
  /** What one run of the program is. */
  readonly title: string;
  readonly profile: KernelProfile | { readonly cannot: string };
}

/** What a job cost at several sizes. */
export interface GrowthRows {
  /** What grows. */
  readonly over: string;
  readonly measures: readonly { readonly name: string; readonly unit: string }[];
  /** Times in the order of the measures. */
  readonly points: readonly { readonly at: number; readonly times: readonly Summary[] }[];
}

/** How everybody did in one work. */
export interface WorkRows {
  readonly work: WorkName;
  readonly rows: readonly ContestRow[];
}

/** All that one run of the bench found: what its JSON file holds. */
export interface BenchResult {
  readonly format: typeof FORMAT;
  readonly date: string;
  readonly host: "Chrome" | "Node";
  readonly adapter: AdapterDescription;
  /** Of whatever took part, by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly system: string;
    /** Processes that wanted a core in the minute before the run, on average: how quiet the machine was. */
    readonly load: number;
  };
  readonly plan: SamplingPlan;
  readonly roofline?: Roofline;
  readonly profiles?: readonly ProfileRows[];
  readonly jobs?: readonly JobRow[];
  readonly works?: readonly WorkRows[];
  readonly growths?: readonly GrowthRows[];
}
