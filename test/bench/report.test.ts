import { describe, expect, it } from "vitest";
import type { Clock } from "../../bench/harness/timing/dispatch-timer.js";
import type { DispatchRows } from "../../bench/measure/dispatches.js";
import { barChart } from "../../bench/report/drawings/bar-chart.js";
import { picture } from "../../bench/report/drawings/picture.js";
import type { KernelProfile, ProfileRows } from "../../bench/report/result/result.js";
import { medianError, quantile, summarize } from "../../bench/report/statistics/statistics.js";
import { dispatchTable } from "../../bench/report/tables/dispatch-table.js";
import { kernelFigures } from "../../bench/report/tables/figures.js";
import { markdown, number, rooflineText } from "../../bench/report/tables/table.js";
import { benchResult, ROOFLINE } from "./results.js";

describe("statistics", () => {
  it("knows the quantiles of values in any order", () => {
    const values = [5, 1, 4, 2, 3];
    expect([0, 0.25, 0.5, 0.9, 1].map((q) => quantile(values, q))).toEqual([1, 2, 3, 4.6, 5]);
    expect(summarize(values)).toEqual({ median: 3, p10: 1.4, p90: 4.6, samples: 5, values });
    expect(quantile([], 0.5)).toBeNaN();
  });

  it("knows how well a median is known", () => {
    // Of 20 samples, the 6th to the 15th hold the median in 95.9 % of all cases.
    const twenty = Array.from({ length: 20 }, (_, i) => 100 + i);
    expect(medianError(twenty)).toBeCloseTo((114 - 105) / 2 / 109.5);
    expect(medianError([1, 2, 3, 4, 5, 6])).toBeCloseTo(2.5 / 3.5);
    expect(medianError([1, 1, 1, 1, 1])).toBe(Number.POSITIVE_INFINITY);
    expect(medianError([])).toBe(Number.POSITIVE_INFINITY);
  });
});

it("a roofline says why variants are missing", () => {
  expect(rooflineText(ROOFLINE, undefined)).not.toContain("skipped");
  const skipped = ["copy of 64 MiB: too many workgroups.", "another: the same."];
  expect(rooflineText({ ...ROOFLINE, skipped }, undefined)).toMatch(
    /\nVariants skipped: 2\. The first: copy of 64 MiB: too many workgroups\.$/,
  );
});

describe("figures of a kernel", () => {
  it("are a share of whichever limit is nearer", () => {
    expect(kernelFigures({ multiplyAdds: 1e8, bytes: 1e6 }, 10, ROOFLINE)).toEqual({
      gflops: 20,
      gigabytesPerSecond: 0.1,
      share: 0.5,
      roof: "arithmetic",
    });
    expect(kernelFigures({ multiplyAdds: 0, bytes: 2e7 }, 10, ROOFLINE)).toMatchObject({
      share: 0.25,
      roof: "memory",
    });
  });

  it("measure what fits into a cache by the cache", () => {
    expect(kernelFigures({ multiplyAdds: 0, bytes: 8e6 }, 10, ROOFLINE)?.share).toBeCloseTo(0.05);
    expect(kernelFigures({ multiplyAdds: 0, bytes: 8e7 }, 10, ROOFLINE)?.share).toBeCloseTo(1);
    const reread = { multiplyAdds: 0, bytes: 8e7, footprint: 8e6 };
    expect(kernelFigures(reread, 10, ROOFLINE)).toMatchObject({ share: 0.5, roof: "caches" });
  });

  it("are unknown for less than a tick", () => {
    expect(kernelFigures({ multiplyAdds: 1, bytes: 1 }, 0, ROOFLINE)).toBeUndefined();
  });
});

describe("the Markdown report", () => {
  it("has a table for each part, with ratios to ours", () => {
    const text = markdown(benchResult());
    expect(text).toContain("| matmul | 2 | 5.00 | 5.20 | 20.0 | 0.800 | 50 % |");
    expect(text).toContain("| all | 2 | 5.00 |  | 20.0 |  | 50 % |");
    expect(text).toMatch(/\| estimate \| 5000 ms \| \d+ \| 20 \|/);
    expect(text).toMatch(/\| metakernelgan 0\.1\.0 \| 10\.0 \| [\d.]+ \| 20 × 5 \| 1\.00 \|/);
    expect(text).toMatch(/\| slow 2\.0\.0 \| 400 \| \d+ \| 20 × 1 \| 40\.0 \|/);
    expect(text).toContain("| steps | all, ms | p90 | samples |");
    expect(text).toMatch(/\| 50 \| 200 \| \d+ \| 20 \|/);
    expect(text).toContain("| unable | not possible: it has no gradients |");
  });

  it("names both memory roofs, the clock's tick and the drift", () => {
    const text = markdown({ ...benchResult(), rooflineDrift: { arithmetic: 0.9, cache: 1, memory: 1.1 } });
    expect(text).toContain("40.0 GFLOP/s");
    expect(text).toContain("16.0 GB/s in caches");
    expect(text).toContain("8.00 GB/s in memory");
    expect(text).toContain("90 %, 100 % and 110 % of the first measurement");
    expect(text).toContain("ticks every 0.001 µs");
  });

  it("has shares and a sum though one kernel took less than a tick", () => {
    const result = benchResult();
    const quick = { name: "quick", dispatches: 1, time: summarize([0, 0, 65.5]), multiplyAdds: 1, bytes: 16 };
    const [rows] = result.profiles as [ProfileRows];
    const { kernels } = rows.profile as KernelProfile;
    const profile = { ...(rows.profile as KernelProfile), kernels: [...kernels, quick] };
    const text = markdown({ ...result, profiles: [{ ...rows, profile }] });
    expect(text).toMatch(/\| quick \| 1 \| under a tick \| [\d.]+ \| +\| +\| +\|/);
    expect(text).toContain("| all | 3 | 5.00 |  | 20.0 |  | 50 % |");
    expect(text).not.toContain("–");
  });

  it("leaves out what was not measured, and says why there are no kernels", () => {
    const { jobs: _, workloads: __, ...result } = benchResult();
    const text = markdown({
      ...result,
      profiles: [{ title: "one step", profile: { cannot: "there are no timestamps" } }],
    });
    expect(text).toContain("Kernels of one step: not measured: there are no timestamps");
    expect(text).not.toContain("| job |");
  });

  it("keeps three digits", () => {
    expect([1234.5, 12.345, 1.2345, 0.012345, Number.NaN].map(number)).toEqual([
      "1235",
      "12.3",
      "1.23",
      "0.012",
      "–",
    ]);
  });
});

describe("the bar chart", () => {
  it("draws bars as long as their values, on one scale", () => {
    const svg = barChart([
      {
        title: "a < b & c",
        bars: [
          { label: "ours", value: 10, upTo: 20, note: "10", own: true },
          { label: "theirs", value: 40, note: "40" },
          { label: "none", note: `cannot: ${"x".repeat(200)}` },
        ],
      },
    ]);
    const widths = [...svg.matchAll(/<rect y="4" width="([\d.]+)"/g)].map(([, width]) => Number(width));
    expect(widths).toHaveLength(2);
    expect((widths[1] as number) / (widths[0] as number)).toBeCloseTo(4);
    expect(svg).toContain("a &lt; b &amp; c");
    expect(svg).toMatch(/cannot: x{50,100}…/);
  });

  it("shows every participant of a result", () => {
    const svg = picture(benchResult());
    for (const text of [
      "metakernelgan 0.1.0",
      "slow 2.0.0",
      "not possible: it has no gradients",
      "matmul",
      "estimate",
      "steps: all, ms",
    ]) {
      expect(svg).toContain(text);
    }
    expect(svg).not.toContain("NaN");
  });
});

describe("a table of dispatches", () => {
  const rows = (clock: Clock): DispatchRows => ({
    dispatches: [
      {
        name: "sum",
        pass: "forward",
        workgroups: [4, 1, 1],
        multiplyAdds: 0,
        bytes: 4,
        time: summarize([1, 2, 3]),
      },
    ],
    whole: summarize([2, 3, 4]),
    clock,
  });

  it("says by which clock, and how often", () => {
    expect(dispatchTable("sum 4", rows("GPU timestamps"), undefined)).toMatch(
      /\n\nDispatches are timed by GPU timestamps\. Samples: 3\.$/,
    );
    expect(dispatchTable("sum 4", rows("wall clock"), undefined)).toMatch(
      /\n\nThere are no GPU timestamps: each dispatch was submitted and waited for, which its time includes\. Samples: 3\.$/,
    );
  });
});
