import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { openBaselines, packaged, requireInstalled } from "./baselines/index.js";
import { compareWorkload } from "./comparison/comparison.js";
import { interleave, type SamplingPlan } from "./comparison/interleave.js";
import { inHarness, type Participant } from "./comparison/participant.js";
import type { WorkloadName } from "./comparison/workloads.js";
import { makeInputs } from "./harness/inputs.js";
import { JOBS, type JobName } from "./harness/jobs/index.js";
import { PROFILES, type ProfileName } from "./harness/profiles/index.js";
import { SCALING_STUDIES, type ScalingName } from "./harness/scaling/index.js";
import { openChrome } from "./hosts/chrome.js";
import type { Host } from "./hosts/host.js";
import { openNode } from "./hosts/node.js";
import type { Options } from "./options.js";
import { changes, changeTable, parseResult, requireSameAdapter } from "./report/change.js";
import { BenchError } from "./report/errors.js";
import { picture } from "./report/picture.js";
import {
  type BenchResult,
  FORMAT,
  type JobRow,
  OURS,
  type ProfileRows,
  type ScalingRows,
  type WorkloadRows,
} from "./report/result.js";
import { summarize } from "./report/statistics.js";
import { markdown } from "./report/table.js";

/** Samples of even the slowest participant. */
const MIN_SAMPLES = 3;

/**
 * Measures, prints tables and writes the result.
 * @returns whether all results were right and nothing became slower.
 */
export async function runBench(options: Options, folder: string): Promise<boolean> {
  const old = options.since === undefined ? undefined : readOld(options.since);
  const baselines = options.parts.includes("workloads") ? options.baselines : [];
  requireInstalled(folder, baselines);
  const machine = describeMachine();
  const host = options.node
    ? await openNode(folder, packaged(baselines))
    : await openChrome(folder, packaged(baselines));
  try {
    const where = {
      host: options.node ? "Node" : "Chrome",
      adapter: await host.harness.adapter(),
    } as const;
    if (old) requireSameAdapter(old, where, options.since as string);
    await requireRightNumbers(host);
    const plan = {
      samples: options.samples,
      budget: options.budget,
      atLeast: Math.min(MIN_SAMPLES, options.samples),
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
      ...(options.parts.includes("scaling") && { scaling: await measureScaling(host, plan) }),
      ...(options.parts.includes("workloads") && {
        workloads: await measureWorkloads(host, options, folder, plan),
      }),
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
    throw new BenchError(`${file} cannot be read: give a JSON file that the bench wrote.`);
  }
  return parseResult(text, file);
}

async function requireRightNumbers(host: Host): Promise<void> {
  progress("self-test");
  const { passed, worst, deviation } = await host.harness.selfTest();
  if (!passed) {
    throw new BenchError(
      `This package computes wrong numbers on this adapter (${worst} is off by ${deviation.toExponential(1)}), so nothing is timed.`,
    );
  }
}

async function measureKernels(
  { harness }: Host,
  { samples }: SamplingPlan,
): Promise<Pick<BenchResult, "roofline" | "profiles">> {
  progress("roofline");
  const roofline = await harness.roofline();
  const profiles: ProfileRows[] = [];
  for (const name of Object.keys(PROFILES) as ProfileName[]) {
    const { title } = PROFILES[name];
    progress(`kernels of ${title}`);
    try {
      profiles.push({ title, profile: await harness.kernels(name, samples) });
    } catch (error) {
      profiles.push({ title, profile: { cannot: (error as Error).message } });
    }
  }
  return { roofline, profiles };
}

async function measureJobs({ harness }: Host, plan: SamplingPlan): Promise<JobRow[]> {
  const names = Object.keys(JOBS) as JobName[];
  const values = new Map(names.map((name) => [name, JOBS[name].measures.map((): number[] => [])]));
  for (const name of names) {
    progress(`job: ${name}`);
    // The first sample compiles shaders and fills caches.
    await harness.job(name);
  }
  progress(`jobs: ${plan.samples} samples in turns`);
  const runners = names.map((name) => ({
    name,
    sample: async (): Promise<void> => {
      const sample = await harness.job(name);
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

async function measureScaling({ harness }: Host, plan: SamplingPlan): Promise<ScalingRows[]> {
  const all: ScalingRows[] = [];
  for (const name of Object.keys(SCALING_STUDIES) as ScalingName[]) {
    const { over, measures, points } = SCALING_STUDIES[name];
    const measured = points.map((at) => ({ at, values: measures.map((): number[] => []) }));
    for (const at of points) {
      progress(`scaling: ${over} ${at}`);
      await harness.scalingSample(name, at);
    }
    progress(`scaling: ${plan.samples} samples in turns`);
    const runners = measured.map(({ at, values }) => ({
      name: String(at),
      sample: async (): Promise<void> => {
        const sample = await harness.scalingSample(name, at);
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

async function measureWorkloads(
  host: Host,
  { workloads, baselines }: Options,
  folder: string,
  plan: SamplingPlan,
): Promise<WorkloadRows[]> {
  const inputs = makeInputs();
  const ours = inHarness(host.harness, await host.harness.ours(), ownVersion(folder));
  const participants: Participant[] = [ours, ...(await openBaselines(folder, baselines, host, inputs))];
  try {
    const all: WorkloadRows[] = [];
    for (const workload of workloads as WorkloadName[]) {
      all.push({ workload, rows: await compareWorkload(workload, participants, inputs, plan, progress) });
    }
    return all;
  } finally {
    for (const participant of participants) participant.close();
  }
}

/** Prints the tables, and writes the JSON file and the SVG picture. */
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
  const rows = changes(old, result);
  process.stdout.write(`\n${changeTable(rows)}\n`);
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
