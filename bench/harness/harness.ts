import type { AdapterDescription } from "../../src/engine/device/adapter.js";
import type { Engine } from "../../src/engine/device/engine.js";
import { type SelfTestResult, selfTest } from "../../src/estimate/self-test/self-test.js";
import type { Implementation, Task, WorkloadName } from "../comparison/workloads.js";
import { encodeFloats } from "./floats.js";
import { type Inputs, makeInputs } from "./inputs.js";
import { JOBS, type JobName } from "./jobs/index.js";
import type { ReadyJob } from "./jobs/job.js";
import { type KernelProfile, measureKernels } from "./kernels.js";
import { ours } from "./ours.js";
import { PROFILES, type ProfileName } from "./profiles/index.js";
import { measureRoofline, type Roofline } from "./roofline.js";
import { SCALING_STUDIES, type ScalingName } from "./scaling/index.js";

/** An implementation as the host sees it: its name, and the workloads that it implements. */
export interface ImplementationDescription {
  readonly name: string;
  readonly workloads: readonly WorkloadName[];
}

/**
 * Takes all measurements, in the process that owns the GPU device: a page of the browser, or Node. The host calls its
 * methods from outside, so they take and return only plain data.
 */
export class Harness {
  private readonly inputs: Inputs = makeInputs();
  private readonly implementations: Implementation<Inputs>[] = [];
  private readonly tasks = new Map<string, Task>();
  private readonly jobs = new Map<JobName, ReadyJob>();
  private readonly scaling = new Map<string, ReadyJob>();

  private constructor(
    private readonly engine: Engine,
    private readonly openEngine: () => Promise<Engine>,
  ) {
    this.implementations.push(ours(engine));
  }

  static async open(openEngine: () => Promise<Engine>): Promise<Harness> {
    return new Harness(await openEngine(), openEngine);
  }

  async adapter(): Promise<AdapterDescription> {
    return this.engine.adapter;
  }

  /** Whether an adaptation reproduces the numbers of the float64 reference. The host times nothing if it does not. */
  async selfTest(): Promise<SelfTestResult> {
    return selfTest(this.engine);
  }

  async roofline(): Promise<Roofline> {
    return measureRoofline(this.engine);
  }

  async kernels(name: ProfileName, samples: number): Promise<KernelProfile> {
    return measureKernels(this.engine, PROFILES[name], samples);
  }

  /** Takes one sample of a job, and prepares the job on the first call. */
  async job(name: JobName): Promise<readonly (readonly number[])[]> {
    let job = this.jobs.get(name);
    if (!job) {
      job = await JOBS[name].prepare({ engine: this.engine, openEngine: this.openEngine });
      this.jobs.set(name, job);
    }
    return job.sample();
  }

  /** Takes one sample of a scaling study at one of its points. */
  async scalingSample(name: ScalingName, point: number): Promise<readonly (readonly number[])[]> {
    const key = `${name} ${point}`;
    let job = this.scaling.get(key);
    if (!job) {
      job = await SCALING_STUDIES[name].prepare({ engine: this.engine, openEngine: this.openEngine }, point);
      this.scaling.set(key, job);
    }
    return job.sample();
  }

  /** Describes this package as one of the implementations. */
  async ours(): Promise<ImplementationDescription> {
    return describe(this.implementations[0] as Implementation<Inputs>);
  }

  /** Loads a baseline's module and lets it open a device. */
  async load(url: string): Promise<ImplementationDescription> {
    const { default: baseline }: { default: Implementation<Inputs> } = await import(/* @vite-ignore */ url);
    await baseline.open?.();
    this.implementations.push(baseline);
    return describe(baseline);
  }

  /** Prepares a workload and returns its numbers, encoded as base64. */
  async prepare(name: string, workload: WorkloadName): Promise<Record<string, string>> {
    const make = this.implementations.find((known) => known.name === name)?.workloads[workload];
    if (!make) throw new Error(`${name} has no workload ${workload}.`);
    const task = await make(this.inputs);
    this.tasks.set(key(name, workload), task);
    const result = await task.result();
    return Object.fromEntries(Object.entries(result).map(([name, data]) => [name, encodeFloats(data)]));
  }

  /** Milliseconds per run, averaged over `times` runs in a row. */
  async sample(name: string, workload: WorkloadName, times: number): Promise<number> {
    const task = this.tasks.get(key(name, workload)) as Task;
    const start = performance.now();
    await this.engine.wait(task.run(times));
    return (performance.now() - start) / times;
  }

  async release(name: string, workload: WorkloadName): Promise<void> {
    this.tasks.get(key(name, workload))?.dispose?.();
    this.tasks.delete(key(name, workload));
  }

  async close(): Promise<void> {
    for (const job of [...this.jobs.values(), ...this.scaling.values()]) job.dispose?.();
    this.engine.dispose();
  }
}

/** The methods of a harness, which may run in another process. */
export type HarnessCalls = Pick<Harness, keyof Harness>;

function key(name: string, workload: WorkloadName): string {
  return `${name}: ${workload}`;
}

function describe({ name, workloads }: Implementation<Inputs>): ImplementationDescription {
  return { name, workloads: Object.keys(workloads) as WorkloadName[] };
}
