import { WORKLOADS } from "../../comparison/workloads.js";
import { type BenchResult, OURS } from "../result/result.js";
import type { Summary } from "../statistics/statistics.js";
import { number } from "../tables/table.js";
import { type Bar, type BarGroup, barChart } from "./bar-chart.js";

/** Number of kernels in the picture, slowest first. */
const MAX_KERNELS = 12;

/** The result as an SVG picture: a group of bars for each workload, job, profiled program and scaling study. */
export function picture({ workloads = [], jobs = [], profiles = [], scaling = [] }: BenchResult): string {
  const groups: BarGroup[] = workloads.map(({ workload, rows }) => ({
    title: `${WORKLOADS[workload]}, ms`,
    bars: rows.map((row): Bar => {
      const label = `${row.name} ${row.version}`.trim();
      if ("cannot" in row) return { label, note: `not possible: ${row.cannot}` };
      if ("wrong" in row) return { label, note: `wrong: ${row.wrong}` };
      return { label, ...timed(row.time), own: row.name === OURS };
    }),
  }));
  for (const { name, unit, time } of jobs) {
    groups.push({ title: `${name}, ${unit}`, bars: [{ label: OURS, ...timed(time), own: true }] });
  }
  for (const { title, profile } of profiles) {
    if (!("kernels" in profile)) continue;
    groups.push({
      title: `kernels of ${title}, ms`,
      bars: profile.kernels
        .slice(0, MAX_KERNELS)
        .map(({ name, time }) => ({ label: name, ...timed(time), own: true })),
    });
  }
  for (const { over, measures, points } of scaling) {
    measures.forEach(({ name, unit }, i) => {
      groups.push({
        title: `${over}: ${name}, ${unit}`,
        bars: points.map(({ at, times }) => ({
          label: String(at),
          ...timed(times[i] as Summary),
          own: true,
        })),
      });
    });
  }
  return barChart(groups);
}

function timed({ median, p90 }: Summary): Pick<Bar, "value" | "upTo" | "note"> {
  return { value: median, upTo: p90, note: number(median) };
}
