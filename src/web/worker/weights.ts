import { WeightsError } from "../../weights/errors.js";
import { parseSafetensors } from "../../weights/safetensors.js";
import type { WeightFile } from "../../weights/weight-file.js";
import type { LoadedWeights, Scale } from "../shared/protocol.js";
import { sha256 } from "./sha256.js";

/**
 * Files of MetaKernelGAN's weights, then those of the spectral estimator and of the network for photos, for ×2 and for ×4 each; named
 * when the page is built.
 */
declare const __PAGE_WEIGHTS__: readonly string[];

/** A weights file that is served beside the page. */
export interface ServedWeights {
  readonly file: WeightFile;
  readonly sha256: string;
}

/** All weights of the page. */
export interface PageWeights {
  readonly init: ServedWeights;
  readonly spectral: Readonly<Record<Scale, ServedWeights>>;
  readonly small: Readonly<Record<Scale, ServedWeights>>;
}

/**
 * Fetches all weights.
 * @param folder their absolute address, with a slash at the end.
 * @throws {WeightsError} if one is missing or damaged.
 */
export async function fetchWeights(folder: string): Promise<PageWeights> {
  const files = __PAGE_WEIGHTS__.map((name) => fetchFile(new URL(name, folder)));
  const [init, spectral2, spectral4, small2, small4] = await Promise.all(files);
  return { init, spectral: { 2: spectral2, 4: spectral4 }, small: { 2: small2, 4: small4 } };
}

/** The weights' hashes. */
export function weightsNames({ init, spectral, small }: PageWeights): LoadedWeights {
  return {
    init: init.sha256,
    spectral: { 2: spectral[2].sha256, 4: spectral[4].sha256 },
    small: { 2: small[2].sha256, 4: small[4].sha256 },
  };
}

async function fetchFile(url: URL): Promise<ServedWeights> {
  const response = await fetch(url).catch(() => undefined);
  if (!response?.ok) throw new WeightsError(`There are no weights at ${url}.`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { file: parseSafetensors(bytes), sha256: await sha256(bytes) };
}
