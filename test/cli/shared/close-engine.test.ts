import { beforeEach, describe, expect, it, vi } from "vitest";
import { closeEngine } from "../../../src/cli/shared/devices/close-engine.js";
import type { Engine } from "../../../src/engine/device/engine.js";

const signal = vi.hoisted(() => ({ exitCode: undefined as number | undefined }));
vi.mock("../../../src/cli/shared/cancellable.js", () => ({ signalExitCode: () => signal.exitCode }));

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
    signal.exitCode = undefined;
    await closeEngine(engineThat(soon));
    expect(calls).toEqual(["freed"]);
  });

  it("by the end of the process after a signal, which waits for its device alone: freeing would hold it up", async () => {
    signal.exitCode = 130;
    await closeEngine(engineThat(soon));
    expect(calls).toEqual(["idle"]);
  });

  it("after a signal, even if the device is lost, without an error", async () => {
    signal.exitCode = 143;
    await closeEngine(engineThat(() => Promise.reject(new Error("lost"))));
    expect(calls).toEqual([]);
  });
});
