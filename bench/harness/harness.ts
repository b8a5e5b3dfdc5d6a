import type { AdapterDescription } from "../../src/engine/device/adapter.js";
import type { Engine } from "../../src/engine/engine.js";
import { type SelfTestResult, selfTest } from "../../src/estimate/self-test/self-test.js";
import type { Peer, Task, WorkName } from "../comparison/workloads.js";
import { encodeFloats } from "./floats.js";
import { type Inputs, makeInputs } from "./inputs.js";
import { JOBS, type JobName } from "./jobs/index.js";
import type { ReadyJob } from "./jobs/job.js";
import { type KernelProfile, measureKernels } from "./kernels.js";
import { ours } from "./ours.js";
import { PROFILES, type ProfileName } from "./profiles/index.js";
import { measureRoofline, type Roofline } from "./roofline.js";
import { GROWTHS, type GrowthName } from "./scaling/index.js";

/** A contestant as the host sees it. */
export interface PeerDescription {
  readonly name: string;
  readonly works: readonly WorkName[];
}

/**
 * Everything that is measured beside the GPU: in a page of the browser, or in Node. The host calls its methods from outside,
 * so that they take and give nothing but plain data.
 */
export class Laboratory {
  private readonly inputs: Inputs = makeInputs();
  private readonly peers: Peer<Inputs>[] = [];
  private readonly tasks = new Map<string, Task>();
  private readonly jobs = new Map<JobName, ReadyJob>();
  private readonly growths = new Map<string, ReadyJob>();

  private constructor(
    private readonly engine: Engine,
    private readonly openEngine: () => Promise<Engine>,
  ) {
    this.peers.push(ours(engine));
  }

  static async open(openEngine: () => Promise<Engine>): Promise<Laboratory> {
    return new Laboratory(await openEngine(), openEngine);
  }

  async adapter(): Promise<AdapterDescription> {
    return this.engine.adapter;
  }

  /** Whether an adaptation gives the numbers of the float64 reference; without that, nothing is worth timing. */
  async selfTest(): Promise<SelfTestResult> {
    return selfTest(this.engine);
  }

  async roofline(): Promise<Roofline> {
    return measureRoofline(this.engine);
  }

  async kernels(name: ProfileName, samples: number): Promise<KernelProfile> {
    return measureKernels(this.engine, PROFILES[name], samples);
  }

  /** Takes one sample of a job, which is made ready first. */
  async job(name: JobName): Promise<readonly (readonly number[])[]> {
    let job = this.jobs.get(name);
    if (!job) {
      job = await JOBS[name].prepare({ engine: this.engine, openEngine: this.openEngine });
      this.jobs.set(name, job);
    }
    return job.sample();
  }

  /** Takes one sample of a job at a point of its growth. */
  async grow(name: GrowthName, point: number): Promise<readonly (readonly number[])[]> {
    const key = `${name} ${point}`;
    let job = this.growths.get(key);
    if (!job) {
      job = await GROWTHS[name].prepare({ engine: this.engine, openEngine: this.openEngine }, point);
      this.growths.set(key, job);
    }
    return job.sample();
  }

  /** This package. */
  async ours(): Promise<PeerDescription> {
    return describe(this.peers[0] as Peer<Inputs>);
  }

  /** Loads a peer's module, and has it open a device. */
  async load(url: string): Promise<PeerDescription> {
    const { default: peer } = (await import(/* @vite-ignore */ url)) as { default: Peer<Inputs> };
    await peer.open?.();
    this.peers.push(peer);
    return describe(peer);
  }

  /** Makes a work ready; its numbers, encoded. */
  async prepare(peer: string, work: WorkName): Promise<Record<string, string>> {
    const make = this.peers.find(({ name }) => name === peer)?.works[work];
    if (!make) throw new Error(`${peer} has no ${work}.`);
    const task = await make(this.inputs);
    this.tasks.set(key(peer, work), task);
    const result = await task.result();
    return Object.fromEntries(Object.entries(result).map(([name, data]) => [name, encodeFloats(data)]));
  }

  /** Milliseconds of one run, when there are so many in a row. */
  async sample(peer: string, work: WorkName, times: number): Promise<number> {
    const task = this.tasks.get(key(peer, work)) as Task;
    const start = performance.now();
    await this.engine.wait(task.run(times));
    return (performance.now() - start) / times;
  }

  async release(peer: string, work: WorkName): Promise<void> {
    this.tasks.get(key(peer, work))?.dispose?.();
    this.tasks.delete(key(peer, work));
  }

  async close(): Promise<void> {
    for (const job of [...this.jobs.values(), ...this.growths.values()]) job.dispose?.();
    this.engine.dispose();
  }
}

/** What can be asked of a laboratory, which may be far away. */
export type LaboratoryCalls = Pick<Laboratory, keyof Laboratory>;

function key(peer: string, work: WorkName): string {
  return `${peer}: ${work}`;
}

function describe({ name, works }: Peer<Inputs>): PeerDescription {
  return { name, works: Object.keys(works) as WorkName[] };
}
