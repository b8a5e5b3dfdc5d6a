import { describeAdapter } from "../../engine/device/adapter.js";
import { Engine } from "../../engine/device/engine.js";
import { type NodeDeviceOptions, requestNodeDevice } from "./adapters.js";
import { throttlePolling } from "./throttled-polling.js";

/**
 * Opens an engine in Node with no set-up: on a GPU where there is one, else on a software driver.
 * @throws {NoAdapterError} if no adapter is found; the message says what to install.
 */
export async function createEngine(options: NodeDeviceOptions = {}): Promise<Engine> {
  const device = await requestNodeDevice(options);
  const { kind } = describeAdapter(device.adapterInfo);
  return new Engine(device, true, kind === "gpu" ? undefined : throttlePolling);
}
