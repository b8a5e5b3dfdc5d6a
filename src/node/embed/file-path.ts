import { fileURLToPath } from "node:url";
import { isAddress } from "../../embed/assert-source.js";
import type { EngineError } from "../../engine/errors.js";
import { firstLine } from "../files/system-errors.js";

/** Whether a value is a `file:` URL, as a text or a URL. */
export function isFileAddress(value: unknown): value is string | URL {
  return isAddress(value) && /^file:/i.test(String(value));
}

/**
 * The path of a `file:` URL.
 * @throws {EngineError} of the given kind if it leads to no path, as that of another computer does.
 */
export function filePath(
  address: string | URL,
  Kind: new (message: string, options?: ErrorOptions) => EngineError,
): string {
  try {
    return fileURLToPath(String(address));
  } catch (cause) {
    throw new Kind(`${address} is the address of no file here: ${firstLine(cause)}.`, { cause });
  }
}
