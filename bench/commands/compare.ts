import type { Host } from "../hosts/host.js";
import { openHost } from "../hosts/open.js";
import { checkOut, openRevision, type Revision } from "../hosts/revision.js";
import { measureJobs } from "../measure/jobs.js";
import { measureKernels, measureRooflines, measureRooflinesAgain } from "../measure/kernels.js";
import { commitOf } from "../measure/machine.js";
import { progress } from "../measure/progress.js";
import { measureScaling } from "../measure/scaling.js";
import type { Side } from "../measure/side.js";
import { measureWorkloads } from "../measure/workloads.js";
import { openPeers, packaged, requireInstalled } from "../peers/index.js";
import { BenchError } from "../report/errors.js";
import { Recorder } from "../report/recorder.js";
import { type BenchResult, OURS } from "../report/result/result.js";
import { otherDifferences, requireSameAdapter } from "../report/same-place.js";
import { changes, changeTable, loadChange } from "../report/tables/change.js";
import { markdown } from "../report/tables/table.js";
import { type CompareOptions, PARTS } from "./compare-options.js";
import { untilInterrupted } from "./interrupt.js";
import { readResult } from "./merge.js";
import { planOf } from "./plan-options.js";
import { startResult } from "./result-start.js";
import { requireRightNumbers } from "./right-numbers.js";

/**
 * Measures, prints tables and writes the result as it grows.
 * @param folder of the bench.
 * @returns whether all results were right and nothing became slower.
 */
export async function runCompare(options: CompareOptions, folder: string): Promise<boolean> {
  if (options.since !== undefined && options.ab !== undefined) {
    throw new BenchError("--since and --ab both name what to compare with: give one of them.");
  }
  const old = options.since === undefined ? undefined : readResult(options.since);
  if (old) requireSameParts(old, options);
  const chosen = options.parts.includes("workloads") ? options.peers : [];
  requireInstalled(folder, chosen);
  await Recorder.prepareFolder(options.out);
  const host = await openHost(folder, options, packaged(chosen));
  const closing: (() => void | Promise<void>)[] = [() => host.close()];
  let revision: Revision | undefined;
  try {
    const side = await openSide(host, options, folder, commitOf(folder));
    if (old) requireSameAdapter(old, side.recorder.result, options.since as string);
    const sides = [side];
    if (options.ab !== undefined) {
      revision = checkOut(options.ab, folder);
      closing.push(revision.remove);
      const other = await openRevision(revision, options);
      closing.push(() => other.close());
      sides.push(await openSide(other, options, folder, revision.commit, `-${revision.commit}`));
    }
    await untilInterrupted(measure(sides, options, host, folder), () => publish(sides));
    publish(sides);
    const before = old ?? sides[1]?.recorder.result;
    const { result } = side.recorder;
    return (before === undefined || noneSlower(before, result, old === undefined)) && allRight(result);
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** @throws {BenchError} if an earlier result has none of the parts that are to be measured: a run may take half an hour. */
function requireSameParts(
  { profiles, jobs, workloads }: BenchResult,
  { parts, since }: CompareOptions,
): void {
  const measured = { kernels: profiles, jobs, workloads, scaling: undefined };
  if (parts.some((part) => (measured[part]?.length ?? 0) > 0)) return;
  const has = PARTS.filter((part) => (measured[part]?.length ?? 0) > 0);
  throw new BenchError(
    `${since} has no times of the parts that this run measures (${parts.join(", ") || "none"}), but of ${has.join(", ") || "none"}: choose others with --parts.`,
  );
}

/** A side whose result goes to files. */
interface FiledSide extends Side {
  readonly recorder: Recorder;
}

/** Checks the numbers of a host, and begins its result. */
async function openSide(
  host: Host,
  options: CompareOptions,
  folder: string,
  commit: string,
  ending?: string,
): Promise<FiledSide> {
  await requireRightNumbers(host);
  return { harness: host.harness, recorder: await startResult(host, options, folder, commit, ending) };
}

async function measure(
  sides: readonly Side[],
  options: CompareOptions,
  host: Host,
  folder: string,
): Promise<void> {
  const { parts } = options;
  const plan = planOf(options);
  if (parts.includes("kernels")) {
    if (options.roofline) await measureRooflines(sides);
    await measureKernels(sides, options.kernels, plan);
  }
  if (parts.includes("jobs")) await measureJobs(sides, options.jobs, plan);
  if (parts.includes("scaling")) await measureScaling(sides, options.scaling, plan);
  if (parts.includes("workloads")) {
    const peers = await openPeers(folder, options.peers, host);
    try {
      await measureWorkloads(sides, peers, options.workloads, plan);
    } finally {
      for (const peer of peers) peer.close();
    }
  }
  if (parts.includes("kernels") && options.roofline) await measureRooflinesAgain(sides);
}

/** Prints the tables of this revision, and finishes the files. */
function publish(sides: readonly FiledSide[]): void {
  process.stdout.write(markdown((sides[0] as FiledSide).recorder.result));
  for (const { recorder } of sides) {
    recorder.finish();
    progress(`written: ${recorder.path}.json, ${recorder.path}.svg`);
  }
}

function noneSlower(old: BenchResult, result: BenchResult, paired: boolean): boolean {
  const rows = changes(old, result, paired);
  if (rows.length === 0) {
    throw new BenchError(
      "The two results have no time in common, so nothing was compared: choose --parts, --kernels, --jobs or --workloads that both have.",
    );
  }
  process.stdout.write(`\n${changeTable(rows, loadChange(old, result))}\n`);
  for (const line of otherDifferences(old, result)) process.stdout.write(`Also different: ${line}.\n`);
  return rows.every(({ verdict }) => verdict !== "slower");
}

/** Whether no participant was wrong, and this package ran every workload. */
function allRight({ workloads = [] }: BenchResult): boolean {
  const failed = workloads.flatMap(({ workload, rows }) =>
    rows
      .filter((row) => "wrong" in row || ("cannot" in row && row.name === OURS))
      .map(({ name }) => `${name} has no time in workload ${workload}`),
  );
  for (const line of failed) process.stderr.write(`bench: ${line}; see its table for the reason.\n`);
  return failed.length === 0;
}
