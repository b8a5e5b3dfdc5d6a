import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "../../engine/device/engine.js";
import { DeviceLostError } from "../../engine/errors.js";

/** A device tells of its loss after the calls that failed by it. */
const PATIENCE_MS = 50;

/**
 * Whether an error came of the loss of a device, which can also look like a failed call.
 * @returns the loss; undefined if the device still is there.
 */
export async function lossBehind(error: unknown, engine: Engine): Promise<DeviceLostError | undefined> {
  if (error instanceof DeviceLostError) return error;
  await Promise.race([engine.device.lost, sleep(PATIENCE_MS)]);
  try {
    engine.check();
    return undefined;
  } catch (loss) {
    return loss instanceof DeviceLostError ? loss : undefined;
  }
}
