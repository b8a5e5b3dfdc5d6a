import type { Engine } from "../../../engine/device/engine.js";
import { signalExitCode } from "../cancellable.js";

/**
 * Frees an engine. After a signal, only its device is waited for, and the end of the process frees it: freeing a device that computes
 * or compiles would hold up this thread, and so the timer that ends the process in time.
 * @param isStopping whether there was a signal.
 */
export async function closeEngine(
  engine: Engine,
  isStopping = signalExitCode() !== undefined,
): Promise<void> {
  if (!isStopping) engine.dispose();
  // What the device says of its work no longer counts then.
  else await engine.synchronize().catch(() => {});
}
