import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findReference } from "./reference.js";

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

interface FoundGroup extends Group {
  /** Folder of the recordings. */
  readonly folder: string;
}

function findGroup(group: string): FoundGroup | undefined {
  const folder = findReference("reference", `comparison with the authors' recorded runs "${group}"`);
  if (!folder) return undefined;
  const found = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")).groups[group] as
    | Group
    | undefined;
  if (!found) throw new Error(`The recorded runs have no group "${group}".`);
  return { ...found, folder };
}

/**
 * The tensors of a group of recorded runs by name; undefined, with a warning, where the recordings are absent.
 * @throws {Error} if there are recordings, but no such group.
 */
export function loadTrace(group: string): Map<string, TraceTensor> | undefined {
  const found = findGroup(group);
  if (!found) return undefined;
  const bytes = new Uint8Array(readFileSync(join(found.folder, found.file)));
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
