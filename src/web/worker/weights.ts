import { WeightsError } from "../../model/errors.js";
import { parseSafetensors } from "../../model/weights/safetensors.js";
import type { WeightFile } from "../../model/weights/weight-file.js";
import { sha256 } from "./sha256.js";

/** A weights file that was served beside the page. */
export interface ServedWeights {
  readonly file: WeightFile;
  readonly sha256: string;
}

/** All weights of the page. */
export interface PageWeights {
  readonly start: ServedWeights;
  /** Absent where there is no such file beside the page. */
  readonly usrnet?: ServedWeights;
}

/**
 * Fetches all weights.
 * @param folder where they are, an absolute address that ends in a slash.
 * @throws {WeightsError} if there is no start, or a file is damaged.
 */
export async function fetchWeights(folder: string): Promise<PageWeights> {
  const [start, usrnet] = await Promise.all([
    fetchFile(new URL("metakernelgan.safetensors", folder)),
    fetchFile(new URL("usrnet.safetensors", folder)),
  ]);
  if (!start) {
    throw new WeightsError("The weights could not be loaded. Check the connection, and load the page again.");
  }
  return { start, ...(usrnet ? { usrnet } : {}) };
}

async function fetchFile(url: URL): Promise<ServedWeights | undefined> {
  const response = await fetch(url).catch(() => undefined);
  // Some servers answer with a page where there is no file.
  if (!response?.ok || response.headers.get("content-type")?.startsWith("text/html")) return undefined;
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { file: parseSafetensors(bytes), sha256: await sha256(bytes) };
}
