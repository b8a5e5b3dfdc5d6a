import { existsSync } from "node:fs";
import { join } from "node:path";

/** Names the folder that holds `reference/` (the authors' weights and recorded runs) and `data/` (benchmarks). */
const VARIABLE = "METAKERNELGAN_REFERENCE";

/**
 * Path of a file or folder of the reference folder, which is not ours to publish and so not in the repository;
 * undefined, with a warning, where it is missing. Tests that need it then skip themselves.
 * @param what the tests compare, for the warning.
 */
export function findReference(path: string, what: string): string | undefined {
  const folder = process.env[VARIABLE];
  const found = folder && join(folder, path);
  if (found && existsSync(found)) return found;
  const reason = found
    ? `${found} does not exist, but ${VARIABLE} should name the folder that holds reference/ and data/`
    : `${VARIABLE} is not set: set it to the folder that holds reference/ and data/`;
  console.warn(`SKIPPED: ${what}. ${reason}.`);
  return undefined;
}
