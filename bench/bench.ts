import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { openPeers, packaged, requireInstalled } from "./baselines/index.js";
import { contest } from "./comparison/comparison.js";
import { type Contestant, inLaboratory } from "./comparison/contestant.js";
import { interleave, type SamplingPlan } from "./comparison/interleave.js";
import type { WorkName } from "./comparison/workloads.js";
import { makeInputs } from "./harness/inputs.js";
import { JOBS, type JobName } from "./harness/jobs/index.js";
import { PROFILES, type ProfileName } from "./harness/profiles/index.js";
import { GROWTHS, type GrowthName } from "./harness/scaling/index.js";
import { openChrome } from "./hosts/chrome.js";
import type { Host } from "./hosts/host.js";
import { openNode } from "./hosts/node.js";
import type { Options } from "./options.js";
import { compare, comparisonTable, parseResult, requireSameAdapter } from "./report/change.js";
import { BenchError } from "./report/errors.js";
import { picture } from "./report/picture.js";
import {
  type BenchResult,
  FORMAT,
  type GrowthRows,
  type JobRow,
  OURS,
  type ProfileRows,
  type WorkRows,
} from "./report/result.js";
import { summarize } from "./report/statistics.js";
import { markdown } from "./report/table.js";

/** Samples that even the slowest gets. */
const AT_MIN = 3;

/** Measures, prints and writes; whether all results were right and none is slower than before. */
export async function runBench(options: Options, folder: string): Promise<boolean> {
  const old = options.compare === undefined ? undefined : readOld(options.compare);
  const peers = options.parts.includes("works") ? options.peers : [];
  requireInstalled(folder, peers);
  const machine = describeMachine();
  const host = options.node
    ? await openNode(folder, packaged(peers))
    : await openChrome(folder, packaged(peers));
  try {
    const where = {
      host: options.node ? "Node" : "Chrome",
      adapter: await host.laboratory.adapter(),
    } as const;
    if (old) requireSameAdapter(old, where, options.compare as string);
    await requireRightNumbers(host);
    const plan = {
      samples: options.samples,
      budget: options.budget,
      atLeast: Math.min(AT_MIN, options.samples),
    };
    const result: BenchResult = {
      format: FORMAT,
      date: new Date().toISOString(),
      ...where,
      versions: { metakernelgan: ownVersion(folder), Node: process.versions.node, ...host.versions },
      machine,
      plan,
      ...(options.parts.includes("kernels") && (await measureKernels(host, plan))),
      ...(options.parts.includes("jobs") && { jobs: await measureJobs(host, plan) }),
      ...(options.parts.includes("growth") && { growths: await measureGrowths(host, plan) }),
      ...(options.parts.includes("works") && { works: await measureWorks(host, options, folder, plan) }),
    };
    publish(result, options.out);
    return (old === undefined || noneSlower(old, result)) && allRight(result);
  } finally {
    await host.close();
  }
}

function readOld(file: string): BenchResult {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new BenchError(`${file} cannot be read; give a JSON file that the bench wrote.`);
  }
  return parseResult(text, file);
}

async function requireRightNumbers(host: Host): Promise<void> {
  progress("self-test");
  const { passed, worst, deviation } = await host.laboratory.selfTest();
  if (!passed) {
    throw new BenchError(
      `This package computes wrong numbers on this adapter, so nothing is timed: ${worst} is off by ${deviation.toExponential(1)}.`,
    );
  }
}

async function measureKernels(
  { laboratory }: Host,
  { samples }: SamplingPlan,
): Promise<Pick<BenchResult, "roofline" | "profiles">> {
  progress("roofline");
  const roofline = await laboratory.roofline();
  const profiles: ProfileRows[] = [];
  for (const name of Object.keys(PROFILES) as ProfileName[]) {
    const { title } = PROFILES[name];
    progress(`kernels of ${title}`);
    try {
      profiles.push({ title, profile: await laboratory.kernels(name, samples) });
    } catch (error) {
      profiles.push({ title, profile: { cannot: (error as Error).message } });
    }
  }
  return { roofline, profiles };
}

async function measureJobs({ laboratory }: Host, plan: SamplingPlan): Promise<JobRow[]> {
  const names = Object.keys(JOBS) as JobName[];
  const values = new Map(names.map((name) => [name, JOBS[name].measures.map((): number[] => [])]));
  for (const name of names) {
    progress(`job: ${name}`);
    // Compiles, and fills caches.
    await laboratory.job(name);
  }
  progress(`jobs: ${plan.samples} samples in turns`);
  const runners = names.map((name) => ({
    name,
    sample: async (): Promise<void> => {
      const sample = await laboratory.job(name);
      sample.forEach((times, measure) => {
        values.get(name)?.[measure]?.push(...times);
      });
    },
  }));
  await interleave(runners, plan);
  return names.flatMap((name) =>
    JOBS[name].measures.map((measure, i) => ({ ...measure, time: summarize(values.get(name)?.[i] ?? []) })),
  );
}

async function measureGrowths({ laboratory }: Host, plan: SamplingPlan): Promise<GrowthRows[]> {
  const all: GrowthRows[] = [];
  for (const name of Object.keys(GROWTHS) as GrowthName[]) {
    const { over, measures, points } = GROWTHS[name];
    const measured = points.map((at) => ({ at, values: measures.map((): number[] => []) }));
    for (const at of points) {
      progress(`growth: ${over} ${at}`);
      await laboratory.grow(name, at);
    }
    progress(`growth: ${plan.samples} samples in turns`);
    const runners = measured.map(({ at, values }) => ({
      name: String(at),
      sample: async (): Promise<void> => {
        const sample = await laboratory.grow(name, at);
        sample.forEach((times, measure) => {
          values[measure]?.push(...times);
        });
      },
    }));
    await interleave(runners, plan);
    all.push({
      over,
      measures,
      points: measured.map(({ at, values }) => ({ at, times: values.map(summarize) })),
    });
  }
  return all;
}

async function measureWorks(
  host: Host,
  { works, peers }: Options,
  folder: string,
  plan: SamplingPlan,
): Promise<WorkRows[]> {
  const inputs = makeInputs();
  const ours = inLaboratory(host.laboratory, await host.laboratory.ours(), ownVersion(folder));
  const contestants: Contestant[] = [ours, ...(await openPeers(folder, peers, host, inputs))];
  try {
    const all: WorkRows[] = [];
    for (const work of works as WorkName[]) {
      all.push({ work, rows: await contest(work, contestants, inputs, plan, progress) });
    }
    return all;
  } finally {
    for (const contestant of contestants) contestant.close();
  }
}

/** Prints the tables, and writes the JSON file and the picture. */
function publish(result: BenchResult, out: string): void {
  process.stdout.write(markdown(result));
  mkdirSync(out, { recursive: true });
  const stamp = result.date.slice(0, 19).replace(/:/g, "-");
  const name = join(out, `${result.host.toLowerCase()}-${result.adapter.kind}-${stamp}`);
  writeFileSync(`${name}.json`, `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(`${name}.svg`, picture(result));
  progress(`written: ${name}.json, ${name}.svg`);
}

function noneSlower(old: BenchResult, result: BenchResult): boolean {
  const rows = compare(old, result);
  process.stdout.write(`\n${comparisonTable(rows)}\n`);
  return rows.every(({ verdict }) => verdict !== "slower");
}

/** Whether nobody was wrong, and this package could do everything. */
function allRight({ works = [] }: BenchResult): boolean {
  const failed = works.flatMap(({ work, rows }) =>
    rows
      .filter((row) => "wrong" in row || ("cannot" in row && row.name === OURS))
      .map(({ name }) => `${name} has no time in ${work}`),
  );
  for (const line of failed) process.stderr.write(`bench: ${line}; the table says why.\n`);
  return failed.length === 0;
}

function describeMachine(): BenchResult["machine"] {
  const processors = cpus();
  return {
    processor: processors[0]?.model ?? "unknown processor",
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    load: loadavg()[0] as number,
  };
}

function ownVersion(folder: string): string {
  return JSON.parse(readFileSync(join(folder, "../package.json"), "utf8")).version;
}

function progress(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}
