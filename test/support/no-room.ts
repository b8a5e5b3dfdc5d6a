import { vi } from "vitest";
import type { Engine } from "../../src/engine/device/engine.js";

/**
 * Runs something while the device has no room for the buffers whose label matches: the device makes invalid ones, and
 * reports that memory ran out, as a real one does.
 */
export async function withoutRoom<T>(engine: Engine, label: RegExp, run: () => T | Promise<T>): Promise<T> {
  const { device } = engine;
  const create = device.createBuffer.bind(device);
  const pop = device.popErrorScope.bind(device);
  const { MAP_READ, STORAGE } = GPUBufferUsage;
  const creation = vi.spyOn(device, "createBuffer").mockImplementation((asked) => {
    const fails = label.test(asked.label ?? "");
    return create(fails ? { ...asked, usage: MAP_READ | STORAGE } : asked);
  });
  const scopes = vi.spyOn(device, "popErrorScope").mockImplementation(async () => {
    const error = await pop();
    return error && /CreateBuffer/.test(error.message) ? new GPUOutOfMemoryError("no room") : error;
  });
  try {
    return await run();
  } finally {
    creation.mockRestore();
    scopes.mockRestore();
  }
}
