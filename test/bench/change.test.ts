import { describe, expect, it } from "vitest";
import { WORKLOADS } from "../../bench/comparison/workloads.js";
import { BenchError } from "../../bench/report/errors.js";
import { otherDifferences, parseResult, requireSameAdapter } from "../../bench/report/same-place.js";
import { rankTest, signTest } from "../../bench/report/statistics/rank-tests.js";
import { summarize } from "../../bench/report/statistics/statistics.js";
import { changes, changeTable, loadChange } from "../../bench/report/tables/change.js";
import { RandomStream } from "../../src/engine/random.js";
import { benchResult, samplesAbout } from "./results.js";

const STEP = WORKLOADS["adaptation-step"];

const slower = (factors: Parameters<typeof benchResult>[0]): string[] =>
  changes(benchResult(), benchResult(factors))
    .filter(({ verdict }) => verdict === "slower")
    .map(({ name }) => name);

describe("change since an earlier result", () => {
  it("flags what takes twice as long, and only that", () => {
    expect(slower({ kernel: 2 })).toEqual(["kernel matmul in one step"]);
    expect(slower({ job: 2 })).toEqual(["estimate"]);
    expect(slower({ workload: 2 })).toEqual([STEP]);
    expect(changeTable(changes(benchResult(), benchResult({ workload: 2 })), 1)).toMatch(
      /one adaptation step, [^|]* \| .* \| 2\.00 \| 1\.\d+ to 2\.\d+ \| \*\*slower\*\*/,
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
      STEP,
    ]);
  });

  it("reads what it wrote, and nothing else", () => {
    expect(parseResult(JSON.stringify(benchResult()), "old.json")).toEqual(benchResult());
    for (const text of ["", "{", "null", "{}", '{"format":99,"adapter":{}}']) {
      expect(() => parseResult(text, "old.json"), text).toThrow(BenchError);
      expect(() => parseResult(text, "old.json"), text).toThrow(/^old\.json is not [^\n]+\.$/);
    }
  });

  it("refuses a result of which any part is missing or of another type", () => {
    const whole: Record<string, unknown> = JSON.parse(JSON.stringify(benchResult()));
    const optional = ["control", "roofline", "profiles", "jobs", "scaling", "workloads"];
    for (const [name, value] of Object.entries(whole)) {
      for (const other of [null, 5, "x", name === "versions" ? { a: 1 } : {}, ["x"], undefined]) {
        if (typeof other === typeof value && typeof value !== "object" && name !== "date" && name !== "host")
          continue;
        const text = JSON.stringify({ ...whole, [name]: other });
        const parse = () => parseResult(text, "old.json");
        if (other === undefined && optional.includes(name)) expect(parse, name).not.toThrow();
        else expect(parse, `${name}: ${JSON.stringify(other)}`).toThrow(/^old\.json is not [^\n]+\.$/);
      }
    }
  });

  it("refuses another adapter, and another host", () => {
    const { adapter, machine } = benchResult();
    requireSameAdapter(benchResult(), benchResult(), "old.json");
    for (const other of [
      { host: "Chrome" as const },
      { adapter: { ...adapter, kind: "swiftshader" as const } },
      { adapter: { ...adapter, kind: "gpu" as const, name: "RTX" } },
      { adapter: { ...adapter, boundsChecks: true } },
      // A software driver is as fast as its processor.
      { machine: { ...machine, processor: "Faster" } },
      { machine: { ...machine, cores: 64 } },
    ]) {
      expect(() => requireSameAdapter(benchResult(), { ...benchResult(), ...other }, "old.json")).toThrow(
        /from the same host and adapter/,
      );
    }
  });

  it("takes a GPU beside another processor, and says so", () => {
    const { adapter, machine } = benchResult();
    const gpu = { ...benchResult(), adapter: { ...adapter, kind: "gpu" as const, name: "RTX" } };
    const other = { ...gpu, machine: { ...machine, cores: 64 } };
    expect(() => requireSameAdapter(gpu, other, "old.json")).not.toThrow();
    expect(otherDifferences(gpu, other)).toEqual(["processor: 2 cores of Test → 64 cores of Test"]);
  });

  it("says which programs have other versions, but for the package itself", () => {
    const versions = (Node: string, metakernelgan: string) => ({
      ...benchResult(),
      versions: { Node, metakernelgan },
    });
    expect(otherDifferences(versions("20.1.0", "0.1.0"), versions("22.2.0", "0.2.0"))).toEqual([
      "Node: 20.1.0 → 22.2.0",
    ]);
  });

  it("says what else differs between the two devices", () => {
    const { adapter } = benchResult();
    const other = {
      ...adapter,
      driver: "Mesa 26",
      features: ["subgroups"],
      limits: { maxBufferSize: 1024 },
    };
    expect(otherDifferences(benchResult(), benchResult())).toEqual([]);
    expect(otherDifferences(benchResult(), { ...benchResult(), adapter: other })).toEqual([
      "driver: Mesa → Mesa 26",
      "features: subgroups timestamp-query → subgroups",
      "maxBufferSize: 268435456 → 1024",
    ]);
  });
});

describe("a verdict", () => {
  const withControl = (factor: number, times: number) => ({
    ...benchResult({ kernel: times, job: times, workload: times }),
    control: samplesAbout(4 * factor),
  });
  const verdicts = (...results: [ReturnType<typeof benchResult>, ReturnType<typeof benchResult>]) =>
    new Set(changes(...results).map(({ verdict }) => verdict));

  it("needs more than one sample", () => {
    const once = (time: number) => {
      const result = benchResult();
      return { ...result, jobs: [{ name: "estimate", unit: "ms", time: summarize([time]) }] };
    };
    const row = changes(once(10), once(26)).find(({ name }) => name === "estimate");
    expect(row).toMatchObject({ verdict: "unsure" });
  });

  it("does not blame the code for a busy machine: the control kernel is slower too", () => {
    expect(loadChange(withControl(1, 1), withControl(2, 2))).toBeCloseTo(2);
    expect(verdicts(withControl(1, 1), withControl(2, 2))).toEqual(new Set(["same"]));
    expect(verdicts(withControl(1, 1), withControl(1, 2))).toEqual(new Set(["slower"]));
    expect(verdicts(withControl(1, 1), withControl(2, 4.6))).toEqual(new Set(["slower"]));
  });

  it("is not 'faster' only because the machine was busy before", () => {
    expect(verdicts(withControl(2, 2), withControl(1, 1))).toEqual(new Set(["same"]));
    expect(verdicts(withControl(1, 1), withControl(1, 0.5))).toEqual(new Set(["faster"]));
  });

  it("is right for heavy-tailed times of the same code, a hundred times", () => {
    const random = new RandomStream(3, 0);
    // As on a busy machine: phases that last some rounds, and in them every tenth sample up to four times as long.
    const result = () => {
      let phase = 1;
      const phases = Array.from({ length: 20 }, () => {
        if (random.uniform() < 0.1) phase = 1 + 0.3 * random.uniform();
        return phase;
      });
      const sampled = (time: number): number[] =>
        phases.map((phase) => {
          const tail = random.uniform() < 0.1 ? 1 + 3 * random.uniform() : 1;
          return time * phase * tail * (1 + 0.05 * random.uniform());
        });
      const jobs = Array.from({ length: 25 }, (_, i) => ({
        name: `job ${i}`,
        unit: "ms",
        time: summarize(sampled(10)),
      }));
      return { ...benchResult(), control: sampled(4), jobs };
    };
    for (let run = 0; run < 4; run++) {
      const rows = changes(result(), result()).filter(({ name }) => name.startsWith("job"));
      expect(rows.filter(({ verdict }) => verdict === "slower")).toEqual([]);
    }
  });

  it("is not moved by a few samples of a measurement by turns", () => {
    const base = benchResult();
    const jobs = (times: number[]) => [{ name: "estimate", unit: "ms", time: summarize(times) }];
    // Nine of fifteen rounds took 20 % longer: the medians differ, but not nearly all rounds.
    const before = Array.from({ length: 15 }, (_, i) => 10 + 0.01 * i);
    const now = before.map((time, i) => (i % 5 < 3 ? 1.2 * time : time));
    const verdict = (times: number[]) =>
      changes({ ...base, jobs: jobs(before) }, { ...base, jobs: jobs(times) }, true).find(
        ({ name }) => name === "estimate",
      )?.verdict;
    expect(verdict(now)).toBe("same");
    expect(verdict(before.map((time) => 1.2 * time))).toBe("slower");
    expect(verdict(before.map((time) => 1.04 * time))).toBe("same");
  });
});

describe("the tests behind a verdict", () => {
  it("count the ways in which signs fall", () => {
    expect(signTest(0, 10)).toBeCloseTo(1);
    expect(signTest(10, 10)).toBeCloseTo(2 ** -10);
    expect(signTest(9, 10)).toBeCloseTo(11 / 1024);
  });

  it("count the orders of two samples", () => {
    expect(rankTest([1, 2, 3], [4, 5, 6])).toBeCloseTo(1 / 20);
    expect(rankTest([1, 2, 4], [3, 5, 6])).toBeCloseTo(2 / 20);
    expect(rankTest([4, 5, 6], [1, 2, 3])).toBeCloseTo(1);
    // Exact also for large samples: 1 / C(40, 20).
    expect(rankTest(new Array(20).fill(0), new Array(20).fill(1)) * 137846528820).toBeCloseTo(1);
  });
});
