import { Engine } from "../engine/engine.js";
import { type NodeDeviceOptions, requestNodeDevice } from "./adapters.js";

/**
 * Opens an engine in Node with no set-up: on a GPU where there is one, else on a software driver.
 * @throws {NoAdapterError} if no adapter is found; the message says what to install.
 */
export async function createEngine(options: NodeDeviceOptions = {}): Promise<Engine> {
  return new Engine(await requestNodeDevice(options), true);
}
