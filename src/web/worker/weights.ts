import { WeightsError } from "../../weights/errors.js";
import { parseSafetensors } from "../../weights/safetensors.js";
import type { WeightFile } from "../../weights/weight-file.js";
import type { LoadedWeights, Scale } from "../shared/protocol.js";
import { sha256 } from "./sha256.js";

/** Files of MetaKernelGAN's weights, the spectral estimator's for ×2 and for ×4, and USRNet's; named when the page is built. */
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
  /** Absent if the file is not beside the page. */
  readonly usrnet?: ServedWeights;
}

/**
 * Fetches all weights.
 * @param folder their absolute address, with a slash at the end.
 * @throws {WeightsError} if one other than USRNet's is missing, or a file is damaged.
 */
export async function fetchWeights(folder: string): Promise<PageWeights> {
  const files = __PAGE_WEIGHTS__.map((name) => fetchFile(new URL(name, folder)));
  const [init, x2, x4, usrnet] = await Promise.all(files);
  if (!init || !x2 || !x4) {
    throw new WeightsError();
  }
  return { init, spectral: { 2: x2, 4: x4 }, ...(usrnet ? { usrnet } : {}) };
}

/** The weights' hashes. */
export function weightsNames({ init, spectral, usrnet }: PageWeights): LoadedWeights {
  return {
    init: init.sha256,
    spectral: { 2: spectral[2].sha256, 4: spectral[4].sha256 },
    ...(usrnet ? { usrnet: usrnet.sha256 } : {}),
  };
}

async function fetchFile(url: URL): Promise<ServedWeights | undefined> {
  const response = await fetch(url).catch(() => undefined);
  // Some servers answer with a page if there is no such file.
  if (!response?.ok || response.headers.get("content-type")?.startsWith("text/html")) return undefined;
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { file: parseSafetensors(bytes), sha256: await sha256(bytes) };
}
