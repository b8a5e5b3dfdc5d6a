import { InputError, parseInput } from "../../shared/read-input.js";

/** Top and left of a patch. */
export type Corner = readonly [top: number, left: number];

/**
 * Reads the patches of a run: a list of `[top, left]`, by itself or as `patches` of what `estimate --json` printed.
 * @throws {InputError} if the file holds anything else.
 */
export function readPatches(path: string): Promise<readonly Corner[]> {
  return parseInput(path, (bytes) => {
    let json: unknown;
    try {
      json = JSON.parse(new TextDecoder().decode(bytes));
    } catch (cause) {
      throw new InputError("this is no JSON.", { cause });
    }
    const list = Array.isArray(json) ? json : (json as { patches?: unknown } | null)?.patches;
    if (!Array.isArray(list)) throw new InputError("patches are a list, [[top, left], …].");
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
