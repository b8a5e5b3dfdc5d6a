import { describe, expect, it } from "vitest";
import { changes, changeTable, parseResult, requireSameAdapter } from "../../bench/report/change.js";
import { BenchError } from "../../bench/report/errors.js";
import { benchResult } from "./results.js";

const slower = (factors: Parameters<typeof benchResult>[0]): string[] =>
  changes(benchResult(), benchResult(factors))
    .filter(({ verdict }) => verdict === "slower")
    .map(({ name }) => name);

describe("change since an earlier result", () => {
  it("flags what takes twice as long, and only that", () => {
    expect(slower({ kernel: 2 })).toEqual(["kernel matmul in one step"]);
    expect(slower({ job: 2 })).toEqual(["estimate"]);
    expect(slower({ workload: 2 })).toEqual(["one adaptation step"]);
    expect(changeTable(changes(benchResult(), benchResult({ workload: 2 })))).toMatch(
      /one adaptation step \| .* \| 2\.00 \| \*\*slower\*\*/,
    );
  });

  it("flags nothing where times are equal, or differ by less than they spread", () => {
    expect(slower({})).toEqual([]);
    expect(slower({ kernel: 1.03, job: 1.03, workload: 1.03 })).toEqual([]);
  });

  it("tells a gain from a loss", () => {
    const [kernel] = changes(benchResult(), benchResult({ kernel: 0.5 }));
    expect(kernel).toMatchObject({ name: "kernel matmul in one step", verdict: "faster" });
    expect(kernel?.ratio).toBeCloseTo(0.5);
  });

  it("compares what both have", () => {
    const { jobs: _, ...withoutJobs } = benchResult();
    expect(changes(withoutJobs, benchResult({ job: 2 })).map(({ name }) => name)).toEqual([
      "kernel matmul in one step",
      "one adaptation step",
    ]);
  });

  it("reads what it wrote, and nothing else", () => {
    expect(parseResult(JSON.stringify(benchResult()), "old.json")).toEqual(benchResult());
    for (const text of ["", "{", "null", "{}", '{"format":99,"adapter":{}}']) {
      expect(() => parseResult(text, "old.json"), text).toThrow(BenchError);
      expect(() => parseResult(text, "old.json"), text).toThrow(/^old\.json is not [^\n]+\.$/);
    }
  });

  it("refuses another adapter, and another host", () => {
    const { host, adapter } = benchResult();
    requireSameAdapter(benchResult(), { host, adapter }, "old.json");
    for (const other of [
      { host: "Chrome" as const, adapter },
      { host, adapter: { ...adapter, kind: "swiftshader" as const } },
      { host, adapter: { ...adapter, kind: "gpu" as const, name: "RTX" } },
    ]) {
      expect(() => requireSameAdapter(benchResult(), other, "old.json")).toThrow(
        /from the same host and adapter/,
      );
    }
  });
});
