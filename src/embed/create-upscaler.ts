import { abortable } from "../engine/abortable.js";
import { assertDevice } from "../engine/device/assert-device.js";
import { Engine } from "../engine/device/engine.js";
import { EngineError, NoAdapterError } from "../engine/errors.js";
import type { UpscalerName } from "../upscale/upscaler-names.js";
import { assertUpscalerOptions } from "./assert-options.js";
import { decodeSource, holdSource } from "./decode-source.js";
import { defaultUpscaler, fetchWeights, loadTools, type WeightsOptions } from "./load-tools.js";
import type { PictureSource } from "./picture-source.js";
import { PictureUpscaler, type PictureUpscalerParts } from "./picture-upscaler.js";

/** Options of {@link createUpscaler}. */
export interface CreateUpscalerOptions extends WeightsOptions {
  /** By how much pictures are enlarged; 2 unless given. */
  readonly scale?: 2 | 4;
  /** Unless given, the network for photos where it has weights for the scale, else USRNet. */
  readonly model?: UpscalerName;
  /** A device of the caller's own, which is never destroyed; see {@link deviceRequest}. */
  readonly device?: GPUDevice;
  /** Which adapter to ask the browser for. */
  readonly powerPreference?: GPUPowerPreference;
}

/**
 * Fetches the weights, opens a device and loads the networks; the result serves any number of photos.
 * @throws {NoAdapterError} without WebGPU or without an adapter.
 * @throws {WeightsError} if weights cannot be fetched or are not those of this version.
 * @throws {UpscaleError} if scale or model is none that there is.
 * @throws the signal's reason if it is aborted.
 */
export async function createUpscaler(
  options: CreateUpscalerOptions = {},
): Promise<PictureUpscaler<PictureSource>> {
  return openUpscaler(options, { hold: holdSource, decode: decodeSource }, () =>
    Engine.create(options).catch((cause) => {
      if (cause instanceof EngineError) throw cause;
      throw new NoAdapterError(`WebGPU gives no device: ${cause.message}`, { cause });
    }),
  );
}

/** Makes an upscaler that decodes pictures in its own way, on an engine of its own. */
export async function openUpscaler<Source, Kept>(
  options: CreateUpscalerOptions,
  ways: Pick<PictureUpscalerParts<Source, Kept>, "hold" | "decode">,
  open: () => Promise<Engine>,
): Promise<PictureUpscaler<Source, Kept>> {
  assertUpscalerOptions(options);
  const { scale = 2, model = defaultUpscaler(scale), ...weights } = options;
  const { signal } = weights;
  signal?.throwIfAborted();
  if (options.device !== undefined) assertDevice(options.device);
  const files = fetchWeights(scale, model, weights);
  const opening = open();
  try {
    const [engine, bytes] = await abortable(Promise.all([opening, files]), signal);
    const tools = await abortable(loadTools(engine, scale, model, bytes), signal);
    return new PictureUpscaler({ engine, tools, scale, ...ways });
  } catch (error) {
    opening.then((engine) => engine.dispose()).catch(() => {});
    throw error;
  }
}
