import type { Engine } from "../engine/device/engine.js";
import { freeOnFailure } from "../engine/disposal.js";
import { EngineError } from "../engine/errors.js";
import { kindOf, tagOf } from "../engine/kind-of.js";
import { SpectralEstimator } from "../estimate/spectral/spectral-estimator.js";
import type { PhotoTools } from "../pipeline/upscale-photo.js";
import { FourierUpscaler } from "../upscale/fourier/fourier-upscaler.js";
import { GuidedUpscaler } from "../upscale/guided/guided-upscaler.js";
import type { UpscalerName } from "../upscale/upscaler-names.js";
import { UsrNet } from "../upscale/usrnet/usrnet.js";
import { WeightsError } from "../weights/errors.js";
import { isAddress, pageAddress } from "./assert-source.js";
import { fetchModel, isWebPage } from "./fetch-model.js";
import { type ModelName, type PackagedModel, packagedModels } from "./packaged-models.js";

/** Gives the bytes of a weights file, such as `"spectral-x2"`. */
export type ModelLoader = (
  name: ModelName,
  options: { readonly signal?: AbortSignal },
) => Promise<Uint8Array>;

/** How far the download of the weights has come. */
export interface DownloadProgress {
  readonly phase: "download";
  /** Bytes that have arrived, over all files. */
  readonly done: number;
  readonly total: number;
}

/** Where weights come from. */
export interface WeightsOptions {
  /**
   * Where the weights are: the address of a folder with the package's `models`, or a function that gives weights of your own.
   * Unless given, they lie beside the code, where Vite and webpack put them by themselves.
   */
  readonly weights?: string | URL | ModelLoader;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** The upscaler unless another is asked for: the network for photos where it has weights for the scale. */
export function defaultUpscaler(scale: 2 | 4): UpscalerName {
  return packagedModels()[`small-x${scale}`] ? "small" : "usrnet";
}

/**
 * Fetches the weights of the spectral estimator and of an upscaler; nothing is uploaded yet.
 * @throws {WeightsError} as {@link fetchModel}.
 */
export async function fetchWeights(
  scale: 2 | 4,
  upscaler: UpscalerName,
  { weights, signal, onProgress }: WeightsOptions,
): Promise<Uint8Array[]> {
  const names: ModelName[] = [`spectral-x${scale}`];
  if (upscaler === "small") names.push(`small-x${scale}`);
  if (upscaler === "usrnet") names.push("usrnet");
  if (typeof weights === "function")
    return Promise.all(names.map((name) => ownWeights(name, weights, signal)));
  const folder = weights === undefined ? undefined : weightsFolder(weights);
  const packaged = packagedModels();
  const models = names.map((name): PackagedModel => {
    const model = packaged[name];
    if (!model) throw new WeightsError(`There are no weights ${name}: choose another model or scale.`);
    return model;
  });
  const total = models.reduce((sum, { bytes }) => sum + bytes, 0);
  const arrived = models.map(() => 0);
  return Promise.all(
    models.map((model, i) =>
      fetchModel(folder ? fileIn(folder, `${names[i]}.safetensors`) : packagedAddress(model), model, {
        signal,
        onBytes: (bytes) => {
          arrived[i] = bytes;
          onProgress?.({ phase: "download", done: arrived.reduce((sum, each) => sum + each), total });
        },
      }),
    ),
  );
}

/** @throws {WeightsError} if the code does not know where it lies, and so not where its weights lie. */
function packagedAddress({ url }: PackagedModel): URL {
  try {
    return url();
  } catch (cause) {
    throw new WeightsError(
      "This script is no module with an address: give the folder of the models as `weights`.",
      {
        cause,
      },
    );
  }
}

/** The address of a file in a folder, whose address may end in a query, such as a key. */
function fileIn(folder: URL, name: string): URL {
  const url = new URL(name, folder);
  url.search = folder.search;
  return url;
}

/**
 * Loads networks on a device.
 * @throws {WeightsError} if they are damaged, or of another network or scale.
 */
export function loadTools(
  engine: Engine,
  scale: 2 | 4,
  upscaler: UpscalerName,
  [spectral, network]: readonly Uint8Array[],
): Promise<PhotoTools> {
  return freeOnFailure(async (own) => {
    const estimator = own(await SpectralEstimator.load(engine, spectral as Uint8Array));
    if (estimator.scale !== scale) {
      throw new WeightsError(`Your loader gave weights for ×${estimator.scale} as spectral-x${scale}.`);
    }
    if (!network) return { estimator, upscaler: await FourierUpscaler.load(engine) };
    const kind = upscaler === "small" ? GuidedUpscaler : UsrNet;
    return { estimator, upscaler: await kind.load(engine, network) };
  });
}

async function ownWeights(name: ModelName, load: ModelLoader, signal?: AbortSignal): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await load(name, { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof EngineError) throw cause;
    const reason = String((cause as Partial<Error> | undefined)?.message ?? cause).replace(/\.$/, "");
    throw new WeightsError(`Your loader gave no weights ${name}: ${reason}.`, { cause });
  }
  if (tagOf(bytes) === "Uint8Array") {
    if (!isWebPage(bytes)) return bytes;
    throw new WeightsError(`Your loader gave a web page for ${name}: no file is where it looks.`);
  }
  throw new WeightsError(`Your loader gave no Uint8Array for ${name}: give new Uint8Array(buffer).`);
}

/**
 * The address of a folder, which may be given without its last slash, and relative to the page.
 * @throws {WeightsError} if it is none.
 */
export function weightsFolder(folder: string | URL): URL {
  const base = pageAddress();
  const url = isAddress(folder) && URL.canParse(String(folder), base) ? new URL(folder, base) : undefined;
  // Below an address such as data:, there is none of a file.
  if (!url || !URL.canParse("x", url.href)) {
    throw new WeightsError(
      `\`weights\` is a folder's address, or a function that gives a file's bytes by its name; got ${isAddress(folder) ? `"${folder}"` : kindOf(folder)}.`,
    );
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}
