import type { AdapterIdentity } from "../harness/adapter-identity.js";
import { BenchError } from "./errors.js";
import { type BenchResult, FORMAT, OURS } from "./result/result.js";
import { isWholeResult } from "./result/whole.js";
import { mergedTable } from "./tables/merge.js";
import { adapterText, markdown } from "./tables/table.js";

type Place = Pick<BenchResult, "host" | "adapter" | "machine" | "versions">;

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

/**
 * The processor of a software driver is its device.
 * @throws {BenchError} if the two were measured on different adapters or hosts, or with other bounds checks.
 */
export function requireSameAdapter(old: Place, now: Place, file: string): void {
  const place = ({ host, adapter, machine }: Place): string =>
    `${adapterText(adapter)}${adapter.kind === "gpu" ? "" : ` of ${processorOf(machine)}`} in ${host}${adapter.boundsChecks ? " with bounds checks" : ""}`;
  if (place(old) !== place(now)) {
    throw new BenchError(
      `${file} was measured on ${place(old)} and this run is on ${place(now)}: give a result from the same host and adapter.`,
    );
  }
}

function processorOf({ processor, cores }: BenchResult["machine"]): string {
  return `${cores} cores of ${processor}`;
}

/** What else differs between two results and could change a time, in words. The package itself is what is compared. */
export function otherDifferences(before: Place, after: Place): string[] {
  const [{ adapter: old }, { adapter: now }] = [before, after];
  const lists: [string, (adapter: AdapterIdentity) => string][] = [
    ["driver", ({ driver }) => driver],
    ["features", ({ features }) => features.join(" ")],
    ["subgroup sizes", ({ subgroupSizes }) => subgroupSizes.join(" to ")],
  ];
  const limits = Object.keys({ ...old.limits, ...now.limits }).filter(
    (name) => old.limits[name] !== now.limits[name],
  );
  const programs = Object.keys({ ...before.versions, ...after.versions }).filter(
    (name) => name !== OURS && before.versions[name] !== after.versions[name],
  );
  const [oldProcessor, processor] = [processorOf(before.machine), processorOf(after.machine)];
  return [
    ...(processor === oldProcessor ? [] : [`processor: ${oldProcessor} → ${processor}`]),
    ...programs.map(
      (name) => `${name}: ${before.versions[name] ?? "none"} → ${after.versions[name] ?? "none"}`,
    ),
    ...lists.flatMap(([what, of]) => (of(old) === of(now) ? [] : [`${what}: ${of(old)} → ${of(now)}`])),
    ...limits.map((name) => `${name}: ${old.limits[name]} → ${now.limits[name]}`),
  ];
}
