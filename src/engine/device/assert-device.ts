import { EngineError } from "../errors.js";
import { kindOf } from "../kind-of.js";

/**
 * Checks that a value is a device, and not the adapter that it is asked from.
 * @throws {EngineError} if it is something else.
 */
export function assertDevice(device: GPUDevice): void {
  if (typeof device === "object" && device !== null && "queue" in device) return;
  throw new EngineError(
    `An engine computes on a GPUDevice; got ${kindOf(device)}. Give await adapter.requestDevice(deviceRequest(adapter)).`,
  );
}
