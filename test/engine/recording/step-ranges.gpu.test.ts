import { afterEach, describe, expect, it } from "vitest";
import { EngineError, StepRangeError } from "../../../src/engine/errors.js";
import { advance, writeHistoryRow } from "../../../src/engine/recording/history.js";
import { profile } from "../../../src/engine/recording/profiler.js";
import { StepCounter } from "../../../src/engine/recording/step-counter.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import { useEngine } from "../../support/engine.js";
import { STEP_OPERATIONS, STEPS } from "../../support/step-operations.js";

const gpu = useEngine();

describe("a program that looks up a table by the step", () => {
  const counters: StepCounter[] = [];
  afterEach(() => {
    for (const counter of counters.splice(0)) gpu.engine.free(counter.tensor);
  });

  async function record(operation: (tape: Tape, counter: StepCounter) => void, steps = 1) {
    const counter = new StepCounter(gpu.engine);
    counters.push(counter);
    const tape = new Tape(gpu.engine);
    for (let step = 0; step < steps; step++) {
      operation(tape, counter);
      advance(tape, counter);
    }
    return { counter, program: await tape.finish() };
  }

  it.each(Object.entries(STEP_OPERATIONS))("stays within it: %s", async (_name, operation) => {
    const { counter, program } = await record(operation);
    expect(() => program.run(STEPS + 1)).toThrow(StepRangeError);
    expect(() => program.run(STEPS)).not.toThrow();
    expect(() => program.run()).toThrow(EngineError);
    counter.reset(1);
    expect(() => program.run(2)).not.toThrow();
    expect(() => program.run(2)).toThrow(StepRangeError);
    counter.reset(1, STEPS);
    expect(() => program.run()).toThrow(StepRangeError);
    counter.reset(1, STEPS - 1);
    expect(() => program.run()).not.toThrow();
    // What was refused has not moved the counter on the GPU.
    expect([...(await gpu.engine.readUint32(counter.tensor))]).toEqual([STEPS, 1]);
    program.dispose();
  });

  const NO_COUNTS = [Number.NaN, -1, 1.5, Infinity, "2" as unknown as number];

  it.each(NO_COUNTS)("does not run %s times", async (times) => {
    const { counter, program } = await record(STEP_OPERATIONS.write_history_row);
    program.run(1);
    expect(() => program.run(times)).toThrow(StepRangeError);
    expect(() => program.run(times)).toThrow(`${times}`);
    expect(counter.step).toBe(1);
    program.run(STEPS - 1);
    expect(() => program.run()).toThrow(StepRangeError);
    expect([...(await gpu.engine.readUint32(counter.tensor))]).toEqual([STEPS, 0]);
    program.dispose();
  });

  it.each([...NO_COUNTS, 2 ** 32])("does not begin at step %s", async (step) => {
    const { counter, program } = await record(STEP_OPERATIONS.write_history_row);
    counter.reset(7, 2);
    expect(() => counter.reset(0, step)).toThrow(StepRangeError);
    expect(counter.step).toBe(2);
    expect([...(await gpu.engine.readUint32(counter.tensor))]).toEqual([2, 7]);
    program.dispose();
  });

  it("runs its parts in order only", async () => {
    const { counter, program } = await record(STEP_OPERATIONS.write_history_row);
    for (const first of [1, -1, 2, Number.NaN, 0.5]) {
      expect(() => program.submit(first, 1), `part at ${first}`).toThrow(StepRangeError);
    }
    for (let step = 0; step < STEPS; step++) {
      program.submit(0, 1);
      program.submit(1, 1);
      expect(() => program.submit(1, 1)).toThrow(StepRangeError);
    }
    expect(() => program.submit(0, 1)).toThrow(StepRangeError);
    expect([...(await gpu.engine.readUint32(counter.tensor))]).toEqual([STEPS, 0]);
    program.dispose();
  });

  it("says which table ends, after how many steps, and what to do", async () => {
    const { program } = await record(STEP_OPERATIONS.write_history_row);
    expect(() => program.run(4)).toThrow(
      'The step counter would reach step 3, but "history" ends after 3 steps: reset it, or record more steps.',
    );
    program.dispose();
  });

  it("counts the steps that one run takes", async () => {
    const { counter, program } = await record(STEP_OPERATIONS.sgd, 2);
    expect(program.steps.length(counter)).toBe(2);
    expect(() => program.run()).not.toThrow();
    expect(counter.step).toBe(2);
    expect(() => program.run()).toThrow(StepRangeError);
    counter.reset(0, 1);
    expect(() => program.run()).not.toThrow();
    program.dispose();
  });

  it("is bound by its shortest table, and by no table of another program on the same counter", async () => {
    const { counter, program } = await record((tape, counter) => {
      writeHistoryRow(tape, tape.tensor([2]), counter, tape.tensor([2, 2], "short"));
      writeHistoryRow(tape, tape.tensor([2]), counter, tape.tensor([9, 2], "long"));
    });
    const other = new Tape(gpu.engine);
    writeHistoryRow(other, other.tensor([2]), counter, other.tensor([9, 2], "long"));
    const next = await other.finish();
    expect(() => program.run(3)).toThrow('"short" ends after 2 steps');
    program.run(2);
    expect(() => program.run()).toThrow(StepRangeError);
    expect(() => next.run(5)).not.toThrow();
    expect(counter.step).toBe(2);
    program.dispose();
    next.dispose();
  });

  it("counts a profiled run", async ({ skip }) => {
    skip(!gpu.engine.device.features.has("timestamp-query"), "this device has no timestamps");
    const { counter, program } = await record(STEP_OPERATIONS.sgd);
    await profile(program);
    expect(counter.step).toBe(1);
    program.run(2);
    await expect(profile(program)).rejects.toThrow(StepRangeError);
    program.dispose();
  });
});
