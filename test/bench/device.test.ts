import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WORKLOADS } from "../../bench/comparison/workloads.js";
import { rooflinePlot } from "../../bench/report/drawings/roofline-plot.js";
import type { BenchResult, KernelProfile, KernelTimes } from "../../bench/report/result/result.js";
import { mergedTable } from "../../bench/report/tables/merge.js";
import { markdown } from "../../bench/report/tables/table.js";
import { ROOT } from "../support/root.js";
import { benchHere } from "./bench-here.js";
import { benchResult } from "./results.js";

const measured: BenchResult = {
  ...benchResult(),
  probes: [
    {
      title: "latencies",
      rows: [
        { name: "a dispatch", unit: "µs", value: 12.3 },
        { name: "f16", unit: "Gop/s", cannot: "no shader-f16" },
      ],
    },
  ],
  intensity: [
    { intensity: 1, rate: 8 },
    { intensity: 16, rate: 40 },
  ],
};

describe("figures of a device", () => {
  it("are in the report, with the reason where there is none", () => {
    const text = markdown(measured);
    expect(text).toContain("| a dispatch | 12.3 µs |");
    expect(text).toContain("| f16 | not possible: no shader-f16 |");
  });

  it("are drawn as a roofline with the kernels on it", () => {
    const svg = rooflinePlot(measured);
    expect(svg).toContain("40.0 GFLOP/s; 8.00 GB/s in memory, 16.0 GB/s in caches (dashed)");
    expect([...svg.matchAll(/<polyline/g)]).toHaveLength(3);
    expect([...svg.matchAll(/<circle/g)]).toHaveLength(1);
    expect(svg).toContain(">matmul</text>");
    expect(svg).not.toContain("NaN");
    // At 25 operations a byte, 20 GFLOP/s: half of what arithmetic allows.
    const at = /<circle cx="([\d.]+)" cy="([\d.]+)"/.exec(svg)?.slice(1).map(Number) as [number, number];
    const place = (value: number, low: number, high: number, start: number, end: number): number =>
      start + (Math.log(value / low) / Math.log(high / low)) * (end - start);
    expect(at[0]).toBeCloseTo(place(25, 0.01, 1000, 64, 836), 0);
    expect(at[1]).toBeCloseTo(place(20, 80 / 1e5, 80, 472, 40), 0);
  });
});

it("names of kernels that are equally fast stand below one another", () => {
  const [rows] = measured.profiles as [NonNullable<typeof measured.profiles>[number]];
  const { kernels, ...rest } = rows.profile as KernelProfile;
  const [kernel] = kernels as [KernelTimes];
  const twice = { ...rows, profile: { ...rest, kernels: [kernel, { ...kernel, name: "other" }] } };
  const svg = rooflinePlot({ ...measured, profiles: [twice] });
  const heights = [...svg.matchAll(/y="([\d.]+)" dy="0.35em" font-size="11"/g)].map(([, y]) => Number(y));
  expect(heights).toHaveLength(2);
  expect(Math.abs((heights[1] as number) - (heights[0] as number))).toBeCloseTo(12);
});

describe("bench merge", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "bench-merge-"));
    const other = { ...benchResult(), adapter: { ...benchResult().adapter, kind: "gpu", name: "RTX" } };
    await writeFile(join(folder, "a.json"), JSON.stringify(measured));
    await writeFile(join(folder, "b.json"), JSON.stringify(other));
    const [cut] = measured.profiles as [NonNullable<typeof measured.profiles>[number]];
    const damaged = {
      ...measured,
      profiles: [{ ...cut, profile: { ...cut.profile, kernels: [{ name: "x" }] } }],
    };
    await writeFile(join(folder, "cut.json"), JSON.stringify(damaged));
    await writeFile(join(folder, "bare.json"), JSON.stringify({ format: other.format, adapter: {} }));
    await writeFile(join(folder, "undated.json"), JSON.stringify({ ...other, date: "today" }));
    await writeFile(join(folder, "old.json"), JSON.stringify({ ...other, format: 3 }));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("makes one table, a column for each device", async () => {
    const { code, stdout } = await benchHere("merge", join(folder, "a.json"), join(folder, "b.json"));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\| +\| lavapipe, Node, 2026-01-02 \| RTX, Node, 2026-01-02 \|/);
    expect(stdout).toContain("| a dispatch, µs | 12.3 |  |");
    expect(stdout).toContain(`| ${WORKLOADS["adaptation-step"]}, ms | 10.0 | 10.0 |`);
    expect(mergedTable([measured])).toContain("| copies in memory, GB/s | 8.00 |");
    const inBrowser = { ...measured, adapter: { ...measured.adapter, driver: "" } };
    expect(mergedTable([inBrowser])).toContain("| driver | the browser's own |");
    // How quiet the machine was.
    const noisy = { ...measured, rooflineDrift: { arithmetic: 1.02, cache: 0.4, memory: 0.98 } };
    expect(mergedTable([noisy])).toContain("| load before | 0.0 |");
    expect(mergedTable([noisy])).toContain("| the three once more, at the end | 102 %, 40 %, 98 % |");
  });

  it("takes every contribution", async () => {
    const contributions = join(ROOT, "bench/results");
    const files = (await readdir(contributions)).filter((name) => name.endsWith(".json"));
    expect(files.length).toBeGreaterThan(0);
    const { code, stdout } = await benchHere("merge", ...files.map((name) => join(contributions, name)));
    expect(code).toBe(0);
    expect(stdout).toMatch(/\| multiply-adds, GFLOP\/s \| \d/);
  });

  it.each([
    ["old.json", /old\.json is not a result of this version of the bench: [^\n]+\.$/],
    ["cut.json", /cut\.json is not a result of this version of the bench: [^\n]+\.$/],
    ["bare.json", /bare\.json is not a result of this version of the bench: [^\n]+\.$/],
    ["undated.json", /undated\.json is not a result of this version of the bench: [^\n]+\.$/],
    ["none.json", /none\.json cannot be read: [^\n]+\.$/],
  ])("refuses %s in one sentence, with exit code 1", async (name, message) => {
    const { code, lines } = await benchHere("merge", join(folder, name));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(message);
    expect(code).toBe(1);
  });
});
