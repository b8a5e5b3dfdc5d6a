import type { ComparisonRow } from "../../bench/comparison/comparison.js";
import type { Roofline } from "../../bench/harness/roofline/roofline.js";
import type { BenchResult } from "../../bench/report/result/result.js";
import { type Summary, summarize } from "../../bench/report/statistics/statistics.js";

/** 40 GFLOP/s, 16 GB/s in caches and 8 beyond 8 MiB. */
export const ROOFLINE: Roofline = {
  arithmetic: { rate: 40, how: "by hand" },
  cache: { rate: 16, how: "by hand", footprint: 8 },
  memory: { rate: 8, how: "by hand", footprint: 128 },
  skipped: [],
};

/** Twenty samples about a median, with a tenth of it as their spread. */
export function samplesAbout(median: number): number[] {
  return Array.from({ length: 20 }, (_, i) => median * (1 + 0.1 * ((((i * 7) % 20) - 9.5) / 19)));
}

/** A result with one kernel, one job and one workload, whose times are multiplied by the factors. */
export function benchResult(factors: { kernel?: number; job?: number; workload?: number } = {}): BenchResult {
  const about = (median: number, factor = 1): Summary => summarize(samplesAbout(median * factor));
  const rows: ComparisonRow[] = [
    { name: "metakernelgan", version: "0.1.0", time: about(10, factors.workload), runs: 5, difference: 0 },
    { name: "slow", version: "2.0.0", time: about(400), runs: 1, difference: 1e-6 },
    { name: "unable", version: "", cannot: "it has no gradients" },
  ];
  return {
    format: 4,
    date: "2026-01-02T03:04:05.678Z",
    host: "Node",
    adapter: {
      name: "llvmpipe",
      vendor: "mesa",
      architecture: "software",
      kind: "lavapipe",
      driver: "Mesa",
      features: ["subgroups", "timestamp-query"],
      limits: { maxBufferSize: 268435456 },
      subgroupSizes: [8, 8],
      boundsChecks: false,
    },
    commit: "0123456789ab",
    versions: { metakernelgan: "0.1.0" },
    machine: { processor: "Test", cores: 2, memoryGiB: 8, system: "Linux", load: 0 },
    plan: { samples: 20, budget: 60, atLeast: 3, error: 0.03, believed: 15 },
    control: samplesAbout(4),
    roofline: ROOFLINE,
    profiles: [
      {
        title: "one step",
        profile: {
          tick: 1,
          clock: "GPU timestamps",
          kernels: [
            { name: "matmul", dispatches: 2, time: about(5, factors.kernel), multiplyAdds: 5e7, bytes: 4e6 },
          ],
        },
      },
    ],
    jobs: [{ name: "estimate", unit: "ms", time: about(5000, factors.job) }],
    scaling: [
      {
        over: "steps",
        measures: [{ name: "all", unit: "ms" }],
        points: [
          { at: 25, times: [about(100)] },
          { at: 50, times: [about(200)] },
        ],
      },
    ],
    workloads: [{ workload: "adaptation-step", rows }],
  };
}
