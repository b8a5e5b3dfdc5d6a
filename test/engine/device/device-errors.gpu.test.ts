import { afterEach, describe, expect, it } from "vitest";
import { EngineError, OutOfMemoryError } from "../../../src/engine/errors.js";
import { sigmoid } from "../../../src/engine/ops/elementwise/sigmoid.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import type { Tensor } from "../../../src/engine/tensors/tensor.js";
import { useEngine } from "../../support/engine.js";

const gpu = useEngine();

async function expectUsable(): Promise<void> {
  const { engine } = gpu;
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

  it("fails once for an error outside of its own calls, and goes on", async () => {
    const { engine } = gpu;
    engine.device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    await expect(engine.synchronize()).rejects.toThrow(EngineError);
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
