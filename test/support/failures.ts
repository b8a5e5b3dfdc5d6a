import { expect, vi } from "vitest";
import type { Engine } from "../../src/engine/device/engine.js";
import { OutOfMemoryError } from "../../src/engine/errors.js";

/**
 * Makes something again and again, while the device has no room at its first wait, then at its second, and so on,
 * until it is made: no failure may leave memory behind.
 * @returns how many failures there were.
 */
export async function expectFailuresToFreeMemory(
  engine: Engine,
  make: () => Promise<{ dispose(): void }>,
): Promise<number> {
  const before = engine.memory.bytes;
  const settle = engine.settle.bind(engine);
  for (let failing = 1; ; failing++) {
    let waits = 0;
    const spy = vi.spyOn(engine, "settle").mockImplementation(async () => {
      await settle();
      if (++waits === failing) throw new OutOfMemoryError("no room");
    });
    try {
      const made = await make();
      made.dispose();
      expect(engine.memory.bytes - before, "bytes left after dispose").toBe(0);
      return failing - 1;
    } catch (error) {
      if (!(error instanceof OutOfMemoryError)) throw error;
    } finally {
      spy.mockRestore();
    }
    // Programs that are made beside the one that failed end their waits too.
    await engine.synchronize();
    expect(engine.memory.bytes - before, `bytes left after failure ${failing}`).toBe(0);
  }
}
