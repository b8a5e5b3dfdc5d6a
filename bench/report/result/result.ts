import type { ComparisonRow } from "../../comparison/comparison.js";
import type { SamplingPlan } from "../../comparison/interleave.js";
import type { WorkloadName } from "../../comparison/workloads.js";
import type { AdapterIdentity } from "../../harness/adapter-identity.js";
import type { KernelWork } from "../../harness/kernels.js";
import type { IntensityPoint } from "../../harness/probes/intensity.js";
import type { ProbeRow } from "../../harness/probes/probe.js";
import type { Roofline } from "../../harness/roofline/roofline.js";
import type { Clock } from "../../harness/timing/dispatch-timer.js";
import type { Summary } from "../statistics/statistics.js";

/** Version of the JSON format. It changes when older files can no longer be compared. */
export const FORMAT = 4;

/** The name of this package among the participants. */
export const OURS = "metakernelgan";

/** One measure of a job. */
export interface JobRow {
  readonly name: string;
  readonly unit: string;
  readonly time: Summary;
}

/** A kernel with its times: the milliseconds of all its dispatches together, in each run. */
export interface KernelTimes extends KernelWork {
  readonly time: Summary;
}

/** The kernels of a program over many runs. */
export interface KernelProfile {
  readonly kernels: readonly KernelTimes[];
  readonly clock: Clock;
  /** Nanoseconds per tick of the clock, as far as the times tell. */
  readonly tick: number;
}

/** The kernels of a program, or the reason why they have no times. */
export interface ProfileRows {
  /** One run of the program, in words. */
  readonly title: string;
  readonly profile: KernelProfile | { readonly cannot: string };
}

/** The cost of a job at several sizes. */
export interface ScalingRows {
  /** The size that grows, in words. */
  readonly over: string;
  readonly measures: readonly { readonly name: string; readonly unit: string }[];
  /** Times in the order of the measures. */
  readonly points: readonly { readonly at: number; readonly times: readonly Summary[] }[];
}

/** The outcome of all participants in one workload. */
export interface WorkloadRows {
  readonly workload: WorkloadName;
  readonly rows: readonly ComparisonRow[];
}

/** The result of one run of the bench, as in its JSON file. */
export interface BenchResult {
  readonly format: typeof FORMAT;
  readonly date: string;
  /** Where it was measured: by a process in Chrome or Node, or by the page that anyone can open. */
  readonly host: "Chrome" | "Node" | "page";
  readonly adapter: AdapterIdentity;
  /** The commit that was measured; "+changes" if files differed from it. */
  readonly commit: string;
  /** Versions of the software that took part, by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly system: string;
    /** Load average over the minute before the run, to show how quiet the machine was. A page does not know it. */
    readonly load?: number;
  };
  readonly plan: SamplingPlan;
  /** Milliseconds of the control kernel, one sample a round: how fast the machine was meanwhile. */
  readonly control?: readonly number[];
  /** The higher rates of before and after. */
  readonly roofline?: Roofline;
  /** Rates after the other measurements, as parts of those before. */
  readonly rooflineDrift?: { readonly arithmetic: number; readonly cache: number; readonly memory: number };
  /** Figures of the device, by what was probed. */
  readonly probes?: readonly { readonly title: string; readonly rows: readonly ProbeRow[] }[];
  /** Speeds of a kernel with more and more arithmetic for each byte. */
  readonly intensity?: readonly IntensityPoint[];
  readonly profiles?: readonly ProfileRows[];
  readonly jobs?: readonly JobRow[];
  readonly workloads?: readonly WorkloadRows[];
  readonly scaling?: readonly ScalingRows[];
}
