import { EngineError } from "../errors.js";
import { kindOf } from "../kind-of.js";

/**
 * Checks that a value is a device, and not the adapter that it is asked from.
 * @throws {EngineError} if it is something else.
 */
export function assertDevice(device: GPUDevice): void {
  if (typeof device === "object" && device !== null && "queue" in device) return;
  throw new EngineError(
    `An engine needs a GPUDevice; got ${kindOf(device)}: use adapter.requestDevice(deviceRequest(adapter)).`,
  );
}
