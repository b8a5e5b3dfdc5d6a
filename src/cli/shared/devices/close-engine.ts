import type { Engine } from "../../../engine/device/engine.js";
import { signalExitCode } from "../cancellable.js";

/**
 * Frees an engine. After a signal, only when its device has done what it was given: freeing a busy device would hold up this
 * thread, and so the timer that ends the process in time.
 */
export async function closeEngine(engine: Engine): Promise<void> {
  // What the device says of its work no longer counts then.
  if (signalExitCode() !== undefined) await engine.synchronize().catch(() => {});
  engine.dispose();
}
