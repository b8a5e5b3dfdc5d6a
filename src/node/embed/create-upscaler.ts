import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { assertOptions } from "../../embed/assert-options.js";
import { type CreateUpscalerOptions, openUpscaler } from "../../embed/create-upscaler.js";
import type { ModelLoader } from "../../embed/load-tools.js";
import { packagedModels } from "../../embed/packaged-models.js";
import type { PictureUpscaler } from "../../embed/picture-upscaler.js";
import { Engine } from "../../engine/device/engine.js";
import { WeightsError } from "../../weights/errors.js";
import type { NodeDeviceOptions } from "../device/adapters.js";
import { createEngine } from "../device/create-engine.js";
import { readFailure } from "../files/system-errors.js";
import { decodeNodeSource, type KeptFields, type NodePictureSource } from "./decode-node-source.js";
import { filePath, isFileAddress } from "./file-path.js";

/** Options of Node's {@link createUpscaler}. */
export interface CreateNodeUpscalerOptions
  extends Omit<CreateUpscalerOptions, "powerPreference">,
    NodeDeviceOptions {}

/**
 * Reads the packaged weights, opens a device and loads the networks, as `createUpscaler` of a page does. Pictures are paths,
 * addresses, image files in memory (`Blob`, `Uint8Array` or `ArrayBuffer`), or an `RgbImage`. What is made of a file has its depth,
 * grayness and metadata, such as the color profile, for `writeImage`.
 * @throws {NoAdapterError} if no adapter is found.
 * @throws {WeightsError} if weights are missing or damaged.
 * @throws {UpscaleError} if scale or model is none that there is.
 * @throws the signal's reason if it is aborted.
 */
export async function createUpscaler(
  options: CreateNodeUpscalerOptions = {},
): Promise<PictureUpscaler<NodePictureSource, KeptFields>> {
  assertOptions(options);
  const { adapter, boundsChecks, weights, ...others } = options;
  const open = async (): Promise<Engine> =>
    others.device ? new Engine(others.device) : createEngine({ adapter, boundsChecks });
  const { scale = 2 } = others;
  const decode = (source: NodePictureSource, _: Engine, signal?: AbortSignal) =>
    decodeNodeSource(source, scale, signal);
  return openUpscaler({ ...others, weights: readerOf(weights) }, { decode }, open);
}

/** Weights of a folder are read here, since Node's fetch reads no files. */
function readerOf(weights: CreateNodeUpscalerOptions["weights"]): CreateNodeUpscalerOptions["weights"] {
  if (weights === undefined) return (name, options) => read(packagedModels()[name]?.url(), name, options);
  const isFile = isFileAddress(weights);
  if (!isFile && (typeof weights !== "string" || /^https?:/i.test(weights))) return weights;
  const folder = isFile ? filePath(weights, WeightsError) : weights;
  return (name, options) => read(join(folder, `${name}.safetensors`), name, options);
}

async function read(
  path: string | URL | undefined,
  name: string,
  { signal }: Parameters<ModelLoader>[1],
): Promise<Uint8Array> {
  if (!path) throw new WeightsError(`There are no weights ${name}: choose another model or scale.`);
  try {
    return new Uint8Array(await readFile(path, { signal }));
  } catch (cause) {
    signal?.throwIfAborted();
    throw new WeightsError(`The weights ${path} cannot be read: ${readFailure(cause)}.`, { cause });
  }
}
