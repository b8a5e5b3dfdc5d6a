import type { Corner } from "../../../estimate/adaptation/estimate.js";
import { InputError, parseInput } from "../../shared/read-input.js";

/**
 * Reads the corners of patches: a list of `[top, left]`, by itself or as `patches` in the output of `estimate --json`.
 * @throws {InputError} if the file holds anything else.
 */
export function readPatches(path: string): Promise<readonly Corner[]> {
  return parseInput(path, (bytes) => {
    let json: unknown;
    try {
      json = JSON.parse(new TextDecoder().decode(bytes));
    } catch (cause) {
      throw new InputError("this is not JSON.", { cause });
    }
    const list = Array.isArray(json) ? json : (json as { patches?: unknown } | null)?.patches;
    if (!Array.isArray(list)) throw new InputError("there is no list of patches, [[top, left], …].");
    const wrong = list.findIndex((corner) => !isCorner(corner));
    if (wrong >= 0) {
      throw new InputError(`patch ${wrong + 1} is not [top, left], two whole numbers from 0 up.`);
    }
    return list;
  });
}

function isCorner(value: unknown): value is Corner {
  const isPlace = (place: unknown) => Number.isSafeInteger(place) && (place as number) >= 0;
  return Array.isArray(value) && value.length === 2 && value.every(isPlace);
}
