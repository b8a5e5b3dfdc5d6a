import { beforeEach, describe, expect, it } from "vitest";
import { closeEngine } from "../../../src/cli/shared/devices/close-engine.js";
import type { Engine } from "../../../src/engine/device/engine.js";

let calls: string[];
beforeEach(() => {
  calls = [];
});

/** An engine that notes what is asked of it. */
function engineThat(synchronize: () => Promise<void>): Engine {
  const engine: Pick<Engine, "synchronize" | "dispose"> = {
    synchronize: async () => {
      await synchronize();
      calls.push("idle");
    },
    dispose: () => void calls.push("freed"),
  };
  return engine as Engine;
}

const soon = () => new Promise<void>((resolve) => setTimeout(resolve));

describe("an engine is freed", () => {
  it("at once when the work is done", async () => {
    await closeEngine(engineThat(soon));
    expect(calls).toEqual(["freed"]);
  });

  it("by the end of the process after a signal, which waits for its device alone: freeing would hold it up", async () => {
    await closeEngine(engineThat(soon), true);
    expect(calls).toEqual(["idle"]);
  });

  it("after a signal, even if the device is lost, without an error", async () => {
    await closeEngine(
      engineThat(() => Promise.reject(new Error("lost"))),
      true,
    );
    expect(calls).toEqual([]);
  });
});
