import { describe, expect, it } from "vitest";
import { barChart } from "../../bench/report/bar-chart.js";
import { kernelFigures } from "../../bench/report/figures.js";
import { picture } from "../../bench/report/picture.js";
import { quantile, summarize } from "../../bench/report/statistics.js";
import { markdown, number } from "../../bench/report/table.js";
import { benchResult } from "./results.js";

describe("statistics", () => {
  it("knows the quantiles of values in any order", () => {
    const values = [5, 1, 4, 2, 3];
    expect([0, 0.25, 0.5, 0.9, 1].map((q) => quantile(values, q))).toEqual([1, 2, 3, 4.6, 5]);
    expect(summarize(values)).toEqual({ median: 3, p10: 1.4, p90: 4.6, samples: 5 });
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe("figures of a kernel", () => {
  const roofline = { gflops: 40, gigabytesPerSecond: 8, how: "" };
  const kernel = { name: "k", dispatches: 1, time: summarize([10]) };

  it("are a share of whichever limit is nearer", () => {
    expect(kernelFigures({ ...kernel, multiplyAdds: 1e8, bytes: 1e6 }, roofline)).toEqual({
      gflops: 20,
      gigabytesPerSecond: 0.1,
      share: 0.5,
    });
    expect(kernelFigures({ ...kernel, multiplyAdds: 0, bytes: 2e7 }, roofline).share).toBe(0.25);
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
