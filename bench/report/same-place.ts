import type { AdapterIdentity } from "../harness/adapter-identity.js";
import { BenchError } from "./errors.js";
import { type BenchResult, FORMAT } from "./result/result.js";
import { isWholeResult } from "./result/whole.js";
import { mergedTable } from "./tables/merge.js";
import { adapterText, markdown } from "./tables/table.js";

type Place = Pick<BenchResult, "host" | "adapter">;

/**
 * Parses an earlier result.
 * @param file the name of its file, for error messages.
 * @throws {BenchError} if the text is not a result of this version of the bench.
 */
export function parseResult(text: string, file: string): BenchResult {
  let parsed: BenchResult;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new BenchError(`${file} is not JSON: give a JSON file that the bench wrote.`);
  }
  if (parsed?.format !== FORMAT || !isWhole(parsed)) {
    throw new BenchError(
      `${file} is not a result of this version of the bench: give a JSON file that it wrote.`,
    );
  }
  return parsed;
}

/** Whether a result has everything that its tables show. */
function isWhole(result: BenchResult): boolean {
  try {
    return isWholeResult(result) && `${markdown(result)}${mergedTable([result])}`.length > 0;
  } catch {
    return false;
  }
}

/** @throws {BenchError} if the two were measured on different adapters or hosts, or with other bounds checks. */
export function requireSameAdapter(old: Place, now: Place, file: string): void {
  const place = ({ host, adapter }: Place): string =>
    `${adapterText(adapter)} in ${host}${adapter.boundsChecks ? " with bounds checks" : ""}`;
  if (place(old) !== place(now)) {
    throw new BenchError(
      `${file} was measured on ${place(old)} and this run is on ${place(now)}: give a result from the same host and adapter.`,
    );
  }
}

/** What else differs between two results' adapters and could change a time, in words. */
export function otherDifferences({ adapter: old }: Place, { adapter: now }: Place): string[] {
  const lists: [string, (adapter: AdapterIdentity) => string][] = [
    ["driver", ({ driver }) => driver],
    ["features", ({ features }) => features.join(" ")],
    ["subgroup sizes", ({ subgroupSizes }) => subgroupSizes.join(" to ")],
  ];
  const limits = Object.keys({ ...old.limits, ...now.limits }).filter(
    (name) => old.limits[name] !== now.limits[name],
  );
  return [
    ...lists.flatMap(([what, of]) => (of(old) === of(now) ? [] : [`${what}: ${of(old)} → ${of(now)}`])),
    ...limits.map((name) => `${name}: ${old.limits[name]} → ${now.limits[name]}`),
  ];
}
