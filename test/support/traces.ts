import { existsSync, readFileSync } from "node:fs";

/** One tensor of a recorded run of the authors' method. */
export interface TraceTensor {
  readonly shape: readonly number[];
  readonly dtype: "F32" | "F64" | "I32" | "U8";
  readonly data: Float32Array | Float64Array | Int32Array | Uint8Array;
}

interface Group {
  readonly file: string;
  readonly meta?: unknown;
  readonly tensors: Record<
    string,
    { dtype: TraceTensor["dtype"]; shape: number[]; offset: number; nbytes: number }
  >;
}

const VIEWS = { F32: Float32Array, F64: Float64Array, I32: Int32Array, U8: Uint8Array };

// The recordings hold images and weights that are not ours to publish: they lie beside the repository, not in it.
const FOLDER = new URL("../../../shared/reference/", import.meta.url);

function findGroup(group: string): Group | undefined {
  const manifest = new URL("manifest.json", FOLDER);
  if (!existsSync(manifest)) {
    console.warn(`SKIPPED: no recorded runs in ../shared/reference, so nothing is compared with "${group}".`);
    return undefined;
  }
  const found = JSON.parse(readFileSync(manifest, "utf8")).groups[group] as Group | undefined;
  if (!found) throw new Error(`The recorded runs have no group "${group}".`);
  return found;
}

/**
 * The tensors of a group of recorded runs by name; undefined, with a warning, where the recordings are absent.
 * @throws {Error} if there are recordings, but no such group.
 */
export function loadTrace(group: string): Map<string, TraceTensor> | undefined {
  const found = findGroup(group);
  if (!found) return undefined;
  const bytes = new Uint8Array(readFileSync(new URL(found.file, FOLDER)));
  return new Map(
    Object.entries(found.tensors).map(([name, { dtype, shape, offset, nbytes }]) => {
      const data = new VIEWS[dtype](bytes.slice(offset, offset + nbytes).buffer);
      return [name, { shape, dtype, data }];
    }),
  );
}

/** What the recordings note about a group (settings, scalar results); undefined where they are absent. */
export function loadTraceMeta<T>(group: string): T | undefined {
  return findGroup(group)?.meta as T | undefined;
}

/**
 * A tensor's values.
 * @throws {Error} if the trace has no such tensor.
 */
export function traceData(trace: Map<string, TraceTensor>, name: string): TraceTensor["data"] {
  const tensor = trace.get(name);
  if (!tensor) throw new Error(`The recorded run has no tensor "${name}".`);
  return tensor.data;
}
