import { afterAll, beforeAll } from "vitest";
import { Engine } from "../../src/engine/engine.js";

/** An engine for the tests of a file: on the browser's adapter, or in Node on the one that the package would choose. */
export function useEngine(): { readonly engine: Engine } {
  let engine: Engine | undefined;
  beforeAll(async () => {
    if ("document" in globalThis) {
      engine = await Engine.create();
    } else {
      // Here, so that a browser never loads what only Node has.
      const { createEngine } = await import("../../src/node/device/create-engine.js");
      engine = await createEngine();
    }
  });
  afterAll(() => engine?.dispose());
  return {
    get engine() {
      if (!engine) throw new Error("The engine is open only while tests run.");
      return engine;
    },
  };
}
