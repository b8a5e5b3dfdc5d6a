import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pace } from "../../src/engine/pace.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/**
 * Runs a loop over a device that takes these times, while the CPU works for another in each round, and gives the
 * milliseconds that the device stood still and those spent polling.
 */
async function lost(
  deviceTimes: readonly number[],
  { work = 0 } = {},
): Promise<{ overslept: number; polled: number }> {
  const pace = new Pace();
  let overslept = 0;
  let polled = 0;
  for (const time of deviceTimes) {
    const began = performance.now();
    const sleeping = pace.sleep();
    await vi.runAllTimersAsync();
    await sleeping;
    vi.advanceTimersByTime(work);
    const rest = time - (performance.now() - began);
    overslept += Math.max(0, -rest);
    polled += Math.max(0, rest);
    const waiting = pace.wait(new Promise((resolve) => setTimeout(resolve, Math.max(0, rest))));
    await vi.runAllTimersAsync();
    await waiting;
  }
  return { overslept, polled };
}

describe("Pace", () => {
  it("sleeps through most of even rounds", async () => {
    const { overslept, polled } = await lost(new Array(40).fill(130));
    expect(overslept).toBe(0);
    expect(polled).toBeLessThan(0.25 * 40 * 130);
  });

  it("does not take a first round that compiles for seconds as its measure", async () => {
    expect((await lost([20_000, ...new Array(40).fill(130)])).overslept).toBe(0);
  });

  it("recovers at once when the device becomes faster", async () => {
    expect((await lost([2000, 2000, 2000, ...new Array(40).fill(130)])).overslept).toBeLessThan(2 * 2000);
  });

  it("leaves the time that the CPU works", async () => {
    expect((await lost(new Array(40).fill(130), { work: 60 })).overslept).toBe(0);
    // Work as long as the device's own: nothing is left to sleep, and nothing is added.
    const { overslept } = await lost(new Array(40).fill(30), { work: 28 });
    expect(overslept).toBeLessThan(40 * 3);
  });

  it("does not sleep where rounds are short", async () => {
    expect((await lost(new Array(40).fill(3))).overslept).toBe(0);
  });
});
