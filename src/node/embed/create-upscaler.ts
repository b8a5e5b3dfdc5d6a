import { readFile } from "node:fs/promises";
import { type CreateUpscalerOptions, openUpscaler } from "../../embed/create-upscaler.js";
import type { ModelLoader } from "../../embed/load-tools.js";
import { packagedModels } from "../../embed/packaged-models.js";
import type { PictureUpscaler } from "../../embed/picture-upscaler.js";
import { Engine } from "../../engine/device/engine.js";
import type { NodeDeviceOptions } from "../device/adapters.js";
import { createEngine } from "../device/create-engine.js";
import { decodeNodeSource, type NodePictureSource } from "./decode-node-source.js";

/** Options of Node's {@link createUpscaler}. */
export interface CreateNodeUpscalerOptions
  extends Omit<CreateUpscalerOptions, "powerPreference">,
    NodeDeviceOptions {}

/**
 * Reads the packaged weights, opens a device and loads the networks, as `createUpscaler` of a page does. Pictures are paths,
 * `file:` URLs, the bytes of image files, or an `RgbImage`.
 * @throws {NoAdapterError} if no adapter is found.
 * @throws {WeightsError} if weights are missing or damaged.
 * @throws {UpscaleError} if scale or model is none that there is.
 * @throws the signal's reason if it is aborted.
 */
export function createUpscaler(
  options: CreateNodeUpscalerOptions = {},
): Promise<PictureUpscaler<NodePictureSource>> {
  const { adapter, boundsChecks, ...others } = options;
  const open = async (): Promise<Engine> =>
    others.device ? new Engine(others.device) : createEngine({ adapter, boundsChecks });
  return openUpscaler({ weights: packagedWeights, ...others }, decodeNodeSource, open);
}

/** Node's fetch reads no files. */
const packagedWeights: ModelLoader = async (name, { signal }) => {
  const model = packagedModels()[name];
  return new Uint8Array(await readFile(model?.url as URL, { signal }));
};
