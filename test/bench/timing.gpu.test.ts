import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { multiplyAdds } from "../../bench/harness/roofline/multiply-adds.js";
import { recordVariant } from "../../bench/harness/roofline/variant.js";
import { clockOf, tickOf, timeDispatches } from "../../bench/harness/timing/dispatch-timer.js";
import { Renewed } from "../../bench/harness/timing/renewed.js";
import { Engine } from "../../src/engine/device/engine.js";
import { Tape } from "../../src/engine/recording/tape.js";
import { requestNodeDevice } from "../../src/node/device/adapters.js";
import { useEngine } from "../support/engine.js";

const gpu = useEngine();
let plain: Engine;

beforeAll(async () => {
  plain = new Engine(await requestNodeDevice({}, () => ({})), true, gpu.engine.wait);
});

afterAll(() => plain?.dispose());

/** A short dispatch and one of sixteen times the work. */
async function shortAndLong(engine: Engine) {
  const tape = new Tape(engine);
  for (const invocations of [1 << 12, 1 << 16]) tape.dispatch(multiplyAdds(invocations, 8, 64).request(tape));
  return tape.finish();
}

describe("the times of dispatches", () => {
  it.each([
    ["GPU timestamps", () => gpu.engine],
    ["wall clock", () => plain],
  ] as const)("by %s are those of the work", async (clock, engine) => {
    const program = await shortAndLong(engine());
    expect(clockOf(program)).toBe(clock);
    const samples: number[][] = [];
    for (let run = 0; run < 5; run++) samples.push(await timeDispatches(program));
    const best = (i: number): number => Math.min(...samples.map((times) => times[i] as number));
    expect(best(1) / best(0)).toBeGreaterThan(4);
    program.dispose();
  });

  it("are those of one run, however often each was repeated", async () => {
    const program = await recordVariant(gpu.engine, multiplyAdds(1 << 14, 8, 64));
    const [once, often]: [number[], number[]] = [[], []];
    // By turns, so that what else the machine does meets both.
    for (let run = 0; run < 10; run++) {
      once.push(...(await timeDispatches(program, [1])));
      often.push(...(await timeDispatches(program, [10])));
    }
    const ratio = Math.min(...often) / Math.min(...once);
    expect(ratio).toBeGreaterThan(0.4);
    expect(ratio).toBeLessThan(1.6);
  });

  it("tell the clock's tick", async () => {
    expect(tickOf([0.131072, 0.065536, 0.32768])).toBe(65_536);
    expect(tickOf([0.001, 0.0025])).toBe(500);
    expect(tickOf([])).toBe(0);
    const program = await shortAndLong(gpu.engine);
    const times = [];
    for (let run = 0; run < 5; run++) times.push(...(await timeDispatches(program)));
    expect(tickOf(times)).toBeLessThan(10_000);
  });
});

describe("a recording of some steps", () => {
  it("is made anew before they run out, and not while runs are timed", async () => {
    const recorded: number[] = [];
    let freed = 0;
    const recordings = new Renewed(10, async (steps) => {
      recorded.push(steps);
      return { dispose: () => void freed++ };
    });
    // 199 samples of up to 20 runs, which 4000 steps did not last for.
    for (let sample = 0; sample < 199; sample++) {
      await recordings.provide(20);
      recordings.take(20);
    }
    expect(recorded.every((steps) => steps === 20)).toBe(true);
    expect(freed).toBe(recorded.length - 1);
    expect(() => recordings.take(1)).toThrow("not provided");
    recordings.dispose();
    expect(freed).toBe(recorded.length);
  });
});
