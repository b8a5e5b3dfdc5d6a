import { afterEach, describe, expect, it } from "vitest";
import { EngineError, OutOfMemoryError } from "../../../src/engine/errors.js";
import { sigmoid } from "../../../src/engine/ops/elementwise/sigmoid.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import type { Tensor } from "../../../src/engine/tensors/tensor.js";
import { useEngine, useOwnEngine } from "../../support/engine.js";
import { withoutRoom } from "../../support/no-room.js";

const gpu = useEngine();

async function expectUsable(engine = gpu.engine): Promise<void> {
  engine.check();
  const x = engine.tensor([4], { data: new Float32Array(4) });
  const tape = new Tape(engine);
  const y = sigmoid(tape, x);
  const program = await tape.finish();
  program.run();
  await engine.synchronize();
  expect([...(await engine.read(y))]).toEqual([0.5, 0.5, 0.5, 0.5]);
  program.dispose();
  engine.free(x);
}

describe("an engine whose device reports a failure", () => {
  const held: Tensor[] = [];
  afterEach(() => {
    for (const tensor of held.splice(0)) gpu.engine.free(tensor);
  });

  it("fails the run that used a freed tensor, once, and goes on", async () => {
    const { engine } = gpu;
    const x = engine.tensor([4]);
    const tape = new Tape(engine);
    sigmoid(tape, x);
    const program = await tape.finish();
    engine.free(x);
    program.run();
    const failed = engine.synchronize();
    // Another submission of the same program waits behind the one that fails.
    program.run();
    await expect(failed).rejects.toThrow(EngineError);
    await expectUsable();
    program.dispose();
  });

  it("fails reading what was freed, once, and goes on", async () => {
    const { engine } = gpu;
    const x = engine.tensor([4]);
    engine.free(x);
    await expect(engine.read(x)).rejects.toThrow(/GPU device reported/);
    await expectUsable();
  });

  /** A program whose runs fail, since a tensor that it uses was freed. */
  async function failingProgram() {
    const { engine } = gpu;
    const x = engine.tensor([4]);
    const tape = new Tape(engine);
    sigmoid(tape, x);
    const program = await tape.finish();
    engine.free(x);
    return program;
  }

  it("reports the failure of each program once", async () => {
    const { engine } = gpu;
    const programs = [await failingProgram(), await failingProgram()];
    for (const program of programs) program.run();
    // The second run fails for the same reason as the first.
    programs[0]?.run();
    await expect(engine.synchronize()).rejects.toThrow(/GPU device reported/);
    await expect(engine.synchronize()).rejects.toThrow(/GPU device reported/);
    await expectUsable();
    for (const program of programs) program.dispose();
  });

  it("reports a failure to one of the calls that wait for it", async () => {
    const { engine } = gpu;
    const program = await failingProgram();
    program.run();
    const waits = await Promise.allSettled([engine.synchronize(), engine.synchronize()]);
    expect(waits.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    program.run();
    const first = engine.synchronize();
    program.run();
    const others = await Promise.allSettled([first, engine.synchronize()]);
    expect(others.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    await expectUsable();
    program.dispose();
  });

  it("reports a copy that failed beside another call", async () => {
    const { engine } = gpu;
    const program = await failingProgram();
    const [freed, target] = [engine.tensor([4]), engine.tensor([4], { data: Float32Array.of(1, 2, 3, 4) })];
    held.push(target);
    engine.free(freed);
    program.run();
    engine.copy(freed, target);
    await expect(engine.synchronize()).rejects.toThrow(EngineError);
    await expect(engine.read(target)).rejects.toThrow(EngineError);
    expect([...(await engine.read(target))]).toEqual([1, 2, 3, 4]);
    program.dispose();
  });

  it("reports a tensor without room once, and what failed beside it", async () => {
    const { engine } = gpu;
    const program = await failingProgram();
    const other = engine.tensor([4]);
    const data = Float32Array.of(1, 2, 3, 4);
    const full = await withoutRoom(engine, /large/, () => engine.tensor([4], { data, label: "large" }));
    held.push(full, other);
    // Each fails since the tensor has no memory.
    engine.clear(full);
    engine.copy(other, full);
    engine.copy(full, other);
    const read = engine.read(full);
    program.run();
    await expect(read).rejects.toThrow(OutOfMemoryError);
    await expect(engine.synchronize()).rejects.toThrow(/destroyed/);
    await expectUsable();
    program.dispose();
  });

  it("reports a copy whose source had no room and was freed", async () => {
    const { engine } = gpu;
    const target = engine.tensor([4]);
    held.push(target);
    const full = await withoutRoom(engine, /large/, () => engine.tensor([4], { label: "large" }));
    engine.copy(full, target);
    engine.free(full);
    await expect(engine.synchronize()).rejects.toThrow(/GPU device reported/);
    await expectUsable();
  });

  it("fails a read without room once, whatever failed before it", async () => {
    const { engine } = gpu;
    const x = engine.tensor([4], { label: "x" });
    held.push(x);
    const read = () => withoutRoom(engine, /^read x/, () => engine.read(x));
    await expect(read()).rejects.toThrow(OutOfMemoryError);
    await expectUsable();
    const program = await failingProgram();
    program.run();
    await expect(read()).rejects.toThrow(/destroyed/);
    await expectUsable();
    program.dispose();
  });

  it("fails a recording without room, frees it, and goes on", async () => {
    const { engine } = gpu;
    const before = engine.memory.bytes;
    const outcome = await withoutRoom(engine, /large/, () => {
      const tape = new Tape(engine);
      for (let count = 0; count < 3; count++) {
        sigmoid(tape, tape.constant(new Float32Array(4), `large ${count}`));
      }
      return tape.finish().catch((error: unknown) => error);
    });
    expect(outcome).toBeInstanceOf(OutOfMemoryError);
    expect((outcome as Error).message).toMatch(
      /^large 0 \[4\] takes 1 MiB, beside \d+ MiB in use, and the GPU/,
    );
    expect(engine.memory.bytes).toBe(before);
    await expectUsable();
  });

  it("fails the recording that finds no room, frees it, and goes on", async ({ skip }) => {
    const { engine } = gpu;
    const { maxStorageBufferBindingSize, maxBufferSize } = engine.device.limits;
    const most = Math.min(maxStorageBufferBindingSize, maxBufferSize);
    const before = engine.memory.bytes;
    const tape = new Tape(engine);
    // Devices promise more than they have: a driver that runs on the processor takes the memory only when it
    // is used.
    for (let count = 0; count < 4096; count++) tape.tensor([most / 4], `tensor ${count}`);
    const outcome = await tape.finish().catch((error) => error);
    if (!(outcome instanceof Error)) outcome.dispose();
    skip(!(outcome instanceof Error), "this device never runs out of memory");
    expect(outcome).toBeInstanceOf(OutOfMemoryError);
    expect(outcome.message).toMatch(/tensor \d+ \[\d+\] takes \d+ MiB, beside \d+ MiB in use/);
    expect(engine.memory.bytes).toBe(before);
    await expectUsable();
  });
});

describe("an engine that owns its device", () => {
  const own = useOwnEngine();

  it("fails once for an error outside of its own calls, and goes on", async () => {
    const { engine } = own;
    engine.device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    await expect(engine.synchronize()).rejects.toThrow(EngineError);
    await expectUsable(engine);
  });
});
