import { afterAll, beforeAll } from "vitest";
import { Engine } from "../../src/engine/device/engine.js";

/** An engine while the tests of a file or group run. */
interface TestEngine {
  readonly engine: Engine;
}

/** The device of all tests of this worker, which run one after the other. It goes with the worker. */
let shared: Promise<Engine> | undefined;

/**
 * An engine for the tests of a file or group, on a device that all files share: opening one takes a while, and it
 * keeps compiled shaders.
 */
export function useEngine(): TestEngine {
  return provide(async () => {
    shared ??= openEngine();
    const { device, wait } = await shared;
    return new Engine(device, false, wait);
  });
}

/** An engine with a device of its own, for tests that break it. */
export function useOwnEngine(): TestEngine {
  return provide(openEngine);
}

function provide(open: () => Promise<Engine>): TestEngine {
  let engine: Engine | undefined;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine?.dispose());
  return {
    get engine() {
      if (!engine) throw new Error("The engine is open only while tests run.");
      return engine;
    },
  };
}

/** On the adapter of the browser or of Deno, or in Node on the one that the package would choose. */
async function openEngine(): Promise<Engine> {
  if ("document" in globalThis || "Deno" in globalThis) return Engine.create();
  // Here, so that a browser never loads what only Node has.
  const { createEngine } = await import("../../src/node/device/create-engine.js");
  return createEngine();
}
