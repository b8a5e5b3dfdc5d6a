import { describe, expect, it } from "vitest";
import { interleave } from "../../bench/comparison/interleave.js";

/** Runs of the named durations in seconds; the order in which they took their turns. */
async function turns(
  durations: Readonly<Record<string, number>>,
  plan: { samples: number; budget: number },
): Promise<string> {
  let time = 0;
  let order = "";
  const runners = Object.entries(durations).map(([name, duration]) => ({
    name,
    sample: async () => {
      order += name;
      time += duration;
    },
  }));
  await interleave(
    runners,
    { ...plan, atLeast: 3, error: 0, believed: 15 },
    () => {},
    () => time,
  );
  return order;
}

describe("interleave", () => {
  it("takes turns, and begins each round with another", async () => {
    expect(await turns({ a: 1, b: 1, c: 1 }, { samples: 4, budget: 100 })).toBe(
      "abc" + "bca" + "cab" + "abc",
    );
  });

  it("gives the slow fewer samples, but no fewer than it must", async () => {
    const order = await turns({ a: 1, b: 10, c: 40 }, { samples: 20, budget: 60 });
    const count = (name: string): number => order.split(name).length - 1;
    expect([count("a"), count("b"), count("c")]).toEqual([20, 7, 3]);
  });

  it("stops when the median is known well enough, and not before the least number of samples", async () => {
    const taken: Record<string, number> = { sure: 0, unsure: 0 };
    const rounds: number[] = [];
    const runners = Object.keys(taken).map((name) => ({
      name,
      sample: async () => {
        taken[name] = (taken[name] ?? 0) + 1;
      },
      error: () => (name === "sure" ? 0.01 : 0.5),
    }));
    await interleave(runners, { samples: 10, budget: 100, atLeast: 3, error: 0.03, believed: 6 }, () => {
      rounds.push(taken.unsure as number);
    });
    expect(taken).toEqual({ sure: 6, unsure: 10 });
    expect(rounds).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});
