import { WeightsError } from "../weights/errors.js";
import type { PackagedModel } from "./packaged-models.js";

/** Where downloaded weights are kept between two visits. */
const CACHE = "metakernelgan";

/** Options of {@link fetchModel}. */
export interface FetchModelOptions {
  readonly signal?: AbortSignal;
  /** Called with the number of bytes that have arrived. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Downloads a file of packaged weights, or takes it from the browser's cache. It is cached under its hash, so a newer version
 * of the package never gets an older file.
 * @param url where the file lies; another place than the package's own must have the same file.
 * @throws {WeightsError} if it cannot be fetched, or is not the file of this version; the signal's reason if it is aborted.
 */
export async function fetchModel(
  url: URL,
  { bytes: size, sha256 }: Pick<PackagedModel, "bytes" | "sha256">,
  { signal, onBytes }: FetchModelOptions = {},
): Promise<Uint8Array> {
  const key = new URL(url);
  key.search = `sha256=${sha256}`;
  const cache = key.protocol.startsWith("http") ? await openCache() : undefined;
  const cached = await readCache(cache, key);
  if (cached && (await digest(cached)) === sha256) {
    onBytes?.(cached.length);
    return cached;
  }
  const bytes = await download(url, size, { signal, onBytes });
  const found = await digest(bytes);
  if (found !== undefined && found !== sha256) {
    throw new WeightsError(
      `${url} is not the weights file of this version (its SHA-256 begins with ${found.slice(0, 8)}, not ${sha256.slice(0, 8)}): serve the models of the same version.`,
    );
  }
  await writeCache(cache, key, bytes);
  return bytes;
}

/** The cache; undefined where the platform has none, or private windows, frames or settings forbid it, which is no reason to fail. */
async function openCache(): Promise<Cache | undefined> {
  try {
    return await globalThis.caches?.open(CACHE);
  } catch {
    return undefined;
  }
}

async function readCache(cache: Cache | undefined, key: URL): Promise<Uint8Array | undefined> {
  try {
    const response = await cache?.match(key);
    return response && new Uint8Array(await response.arrayBuffer());
  } catch {
    return undefined;
  }
}

/** Puts a file into the cache, in the place of its other versions. A disk that is full is no reason to fail. */
async function writeCache(cache: Cache | undefined, key: URL, bytes: Uint8Array): Promise<void> {
  try {
    await cache?.delete(key, { ignoreSearch: true });
    await cache?.put(key, new Response(bytes as BufferSource));
  } catch {
    // It is downloaded again next time.
  }
}

async function download(url: URL, size: number, { signal, onBytes }: FetchModelOptions): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new WeightsError(
      `The weights could not be fetched from ${url}: no full answer came, or its server does not allow this page (CORS).`,
      { cause },
    );
  }
  const bytes = new Uint8Array(size);
  let length = 0;
  // Many servers answer with a page for a file that is missing.
  const missing = (isPage?: boolean): WeightsError =>
    new WeightsError(
      `There are no weights at ${url} (HTTP ${response.status}${isPage ? ", a web page" : ""}): serve the package's folder models there, or give its address as \`weights\`.`,
    );
  const unfit = (message: string): WeightsError =>
    isWebPage(bytes) ? missing(true) : new WeightsError(message);
  const isPage = response.headers.get("content-type")?.startsWith("text/html");
  if (!response.ok || isPage || !response.body) throw missing(isPage);
  const reader = response.body.getReader();
  const next = (): ReturnType<typeof reader.read> =>
    reader.read().catch(() => {
      signal?.throwIfAborted();
      return { done: true, value: undefined };
    });
  for (let part = await next(); !part.done; part = await next()) {
    bytes.set(part.value.subarray(0, size - length), length);
    length += part.value.length;
    if (length > size) {
      await reader.cancel();
      throw unfit(`${url} is longer than the weights file of this version, which has ${size} bytes.`);
    }
    onBytes?.(length);
  }
  if (length < size) {
    throw unfit(`The download of ${url} was cut short: ${length} of ${size} bytes came, so try again.`);
  }
  return bytes;
}

/** Whether a server answered with a page for a file that is missing: it begins with "<", and the length of a header is never so long. */
export function isWebPage(bytes: Uint8Array): boolean {
  return bytes[0] === 0x3c && bytes[7] !== 0;
}

/** The first half of the SHA-256 of bytes; undefined where the platform has none, as on a page without https. */
async function digest(bytes: Uint8Array): Promise<string | undefined> {
  const hash = await globalThis.crypto?.subtle?.digest("SHA-256", bytes as BufferSource);
  return hash && [...new Uint8Array(hash, 0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
