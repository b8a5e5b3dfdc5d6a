import { describe, expect, it } from "vitest";
import type { Result } from "../../bench/comparison/agreement.js";
import { compareWorkload } from "../../bench/comparison/comparison.js";
import type { Participant } from "../../bench/comparison/participant.js";
import { makeInputs } from "../../bench/harness/inputs.js";
import { markdown } from "../../bench/report/tables/table.js";
import { benchResult } from "./results.js";

const WORKLOAD = "discriminator-forward";
const PLAN = { samples: 20, budget: 60, atLeast: 3, error: 0, believed: 15 };
const RIGHT: Result = { map: Float32Array.of(0.25, 0.5, 0.75) };
const ALMOST: Result = { map: Float32Array.of(0.2501, 0.5, 0.75) };
const WRONG: Result = { map: Float32Array.of(0.25, 0.5, 0.76) };
const BROKEN: Result = { map: Float32Array.of(0.25, Number.NaN, 0.75) };

function participant(name: string, result: Result | Error, milliseconds = 10): Participant {
  return {
    name,
    version: "1.0.0",
    workloads: [WORKLOAD],
    prepare: async () => {
      if (result instanceof Error) throw result;
      return result;
    },
    sample: async () => milliseconds,
    release: async () => {},
    close: () => {},
  };
}

const compare = (...participants: Participant[]) =>
  compareWorkload(WORKLOAD, participants, makeInputs(), PLAN, () => {});

const timed = (rows: Awaited<ReturnType<typeof compare>>): string[] =>
  rows.filter((row) => "time" in row).map(({ name }) => name);

describe("a comparison", () => {
  it("times those who agree", async () => {
    const rows = await compare(participant("metakernelgan", RIGHT, 10), participant("peer", ALMOST, 400));
    expect(rows).toMatchObject([
      { name: "metakernelgan", time: { median: 10, samples: 20 }, runs: 10, difference: 0 },
      { name: "peer", time: { median: 400, samples: 20 }, runs: 1 },
    ]);
  });

  it("gives no time to a peer that is wrong", async () => {
    const rows = await compare(
      participant("metakernelgan", RIGHT),
      participant("good", ALMOST),
      participant("bad", WRONG),
    );
    expect(timed(rows)).toEqual(["metakernelgan", "good"]);
    expect(rows[2]).toMatchObject({ wrong: expect.stringContaining("map is") });
    const text = markdown({ ...benchResult(), workloads: [{ workload: WORKLOAD, rows }] });
    expect(text).toMatch(/\| bad 1\.0\.0 \| not timed, its result is wrong: [^|]+ \| +\| +\| +\|/);
  });

  it("gives no time to ours if it is wrong", async () => {
    const rows = await compare(
      participant("metakernelgan", WRONG),
      participant("a", RIGHT),
      participant("b", RIGHT),
    );
    expect(timed(rows)).toEqual(["a", "b"]);
    const text = markdown({ ...benchResult(), workloads: [{ workload: WORKLOAD, rows }] });
    expect(text).toMatch(/\| metakernelgan 1\.0\.0 \| not timed, its result is wrong/);
  });

  it("gives no time to either of two that differ", async () => {
    expect(timed(await compare(participant("metakernelgan", RIGHT), participant("peer", WRONG)))).toEqual([]);
  });

  it("gives no time to numbers that are not finite, even if all agree", async () => {
    const rows = await compare(participant("metakernelgan", BROKEN), participant("peer", BROKEN));
    expect(timed(rows)).toEqual([]);
  });

  it("takes an array that is missing for a wrong one", async () => {
    const rows = await compare(
      participant("metakernelgan", { ...RIGHT, loss: Float32Array.of(1) }),
      participant("peer", RIGHT),
    );
    expect(timed(rows)).toEqual([]);
  });

  it("says why a peer cannot", async () => {
    const rows = await compare(
      participant("metakernelgan", RIGHT),
      participant("peer", new Error("no gradients\n    at peer.js:1")),
    );
    expect(rows[1]).toEqual({ name: "peer", version: "1.0.0", cannot: "no gradients" });
    const text = markdown({ ...benchResult(), workloads: [{ workload: WORKLOAD, rows }] });
    expect(text).toContain("| peer 1.0.0 | not possible: no gradients |");
  });

  it("says why a peer could not go on", async () => {
    let samples = 0;
    const tired: Participant = {
      ...participant("peer", RIGHT),
      sample: async () => {
        if (++samples > 5) throw new Error("device lost");
        return 10;
      },
    };
    expect((await compare(participant("metakernelgan", RIGHT), tired))[1]).toMatchObject({
      cannot: "device lost",
    });
  });
});
