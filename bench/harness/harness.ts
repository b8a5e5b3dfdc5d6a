import type { Engine } from "../../src/engine/device/engine.js";

import { type SelfTestResult, selfTest } from "../../src/estimate/self-test/self-test.js";
import type { Implementation, Task, WorkloadName } from "../comparison/workloads.js";
import { type AdapterIdentity, identify } from "./adapter-identity.js";
import { Control } from "./control.js";
import { encodeFloats } from "./floats.js";
import { type Inputs, makeInputs } from "./inputs.js";
import { JOBS, type JobName, QUICK_JOBS } from "./jobs/index.js";
import type { ReadyJob } from "./jobs/job.js";
import { ProfileSession, type ProfileWork } from "./kernels.js";
import { ours } from "./ours.js";
import { PROBES, type ProbeName } from "./probes/index.js";
import { type IntensityPoint, sweepIntensity } from "./probes/intensity.js";
import type { ProbeRow } from "./probes/probe.js";
import { PROFILES, type ProfileName, QUICK_PROFILES } from "./profiles/index.js";
import { measureRoofline, type Roofline, rooflineSizes } from "./roofline/roofline.js";
import { SCALING_STUDIES, type ScalingName } from "./scaling/index.js";
import type { DispatchSample, DispatchWork } from "./sessions/dispatch-session.js";
import { type NumberCheck, type OperationRequest, OperationSession } from "./sessions/operation-session.js";
import { encodeNumbers, type ShaderRequest, ShaderSession } from "./sessions/shader-session.js";
import type { Clock } from "./timing/dispatch-timer.js";

/** An operation or a shader that is ready to be timed. */
export interface Opened {
  readonly work: readonly DispatchWork[];
  readonly clock: Clock;
}

export interface OpenedOperation extends Opened {
  readonly checks: readonly NumberCheck[];
  /** Multiply-adds of the forward pass by definition. */
  readonly multiplyAdds: number;
}

export interface OpenedShader extends Opened {
  /** The buffers that were read after one dispatch, by name, as base64. */
  readonly results: Readonly<Record<string, string>>;
}

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
  private readonly profiles = new Map<ProfileName, ProfileSession>();
  private ownControl: Promise<Control> | undefined;
  private session: OperationSession | ShaderSession | undefined;

  private constructor(
    private readonly engine: Engine,
    private readonly openEngine: () => Promise<Engine>,
    private readonly boundsChecks: boolean,
  ) {
    this.implementations.push(ours(engine));
  }

  /** @param boundsChecks whether the engine's device checks every access to a buffer. */
  static async open(
    openEngine: () => Promise<Engine>,
    boundsChecks: (engine: Engine) => boolean,
  ): Promise<Harness> {
    const engine = await openEngine();
    return new Harness(engine, openEngine, boundsChecks(engine));
  }

  async adapter(): Promise<AdapterIdentity> {
    return identify(this.engine, this.boundsChecks);
  }

  /** Milliseconds of a fixed amount of work, which no revision of the package changes. */
  async control(): Promise<number> {
    this.ownControl ??= Control.open(this.engine);
    return (await this.ownControl).sample();
  }

  /** Whether an adaptation reproduces the numbers of the float64 reference. The host times nothing if it does not. */
  async selfTest(): Promise<SelfTestResult> {
    return selfTest(this.engine);
  }

  /** @param quick whether each variant is timed only once. */
  async roofline(quick = false): Promise<Roofline> {
    return measureRoofline(this.engine, rooflineSizes(this.engine), roundsOf(quick));
  }

  /**
   * Finds figures of the device.
   * @param quick whether each rate is measured only once.
   */
  async probe(name: ProbeName, quick = false): Promise<ProbeRow[]> {
    return PROBES[name].run(this.engine, roundsOf(quick));
  }

  /** @param quick whether each speed is measured only once. */
  async intensity(quick = false): Promise<IntensityPoint[]> {
    return sweepIntensity(this.engine, roundsOf(quick));
  }

  /**
   * Prepares a program whose kernels are timed.
   * @param quick whether it is the one with a small picture.
   */
  async profile(name: ProfileName, quick = false): Promise<ProfileWork> {
    const session = await ProfileSession.open(this.engine, (quick ? QUICK_PROFILES : PROFILES)[name]);
    this.profiles.set(name, session);
    return session.work;
  }

  /** Milliseconds of each kernel in one run of a prepared program. */
  async profileSample(name: ProfileName): Promise<number[]> {
    return (this.profiles.get(name) as ProfileSession).sample();
  }

  /** Records an operation, and compares its numbers with its definition. */
  async openOperation(request: OperationRequest): Promise<OpenedOperation> {
    const session = await OperationSession.open(this.engine, request);
    this.session = session;
    const checks = await session.check();
    const { work, clock } = session.timing;
    return { work, clock, checks, multiplyAdds: session.multiplyAdds };
  }

  /** Dispatches a shader once and reads buffers. */
  async openShader(request: ShaderRequest, read: readonly string[]): Promise<OpenedShader> {
    const session = await ShaderSession.open(this.engine, request);
    this.session = session;
    const results = await session.results(read);
    const { work, clock } = session.timing;
    const moved = work.map((each) => ({
      ...each,
      bytes: request.bytes ?? each.bytes,
      footprint: each.bytes,
    }));
    const encoded = Object.entries(results).map(([name, numbers]) => [name, encodeNumbers(numbers)]);
    return { work: moved, clock, results: Object.fromEntries(encoded) };
  }

  /** Warms the opened operation or shader up. */
  async calibrate(): Promise<void> {
    await (this.session as OperationSession | ShaderSession).timing.calibrate();
  }

  /** Times each dispatch of the opened operation or shader, and the whole. */
  async dispatchSample(): Promise<DispatchSample> {
    return (this.session as OperationSession | ShaderSession).timing.sample();
  }

  async closeSession(): Promise<void> {
    this.session?.dispose();
    this.session = undefined;
  }

  async endProfile(name: ProfileName): Promise<void> {
    this.profiles.get(name)?.dispose();
    this.profiles.delete(name);
  }

  /**
   * Takes one sample of a job, and prepares the job on the first call.
   * @param quick whether it is the one with small images.
   */
  async job(name: JobName, quick = false): Promise<readonly (readonly number[])[]> {
    let job = this.jobs.get(name);
    if (!job) {
      job = await (quick ? QUICK_JOBS : JOBS)[name].prepare({
        engine: this.engine,
        openEngine: this.openEngine,
      });
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

  /** Loads a peer's module and lets it open a device. */
  async load(url: string): Promise<ImplementationDescription> {
    const { default: peer }: { default: Implementation<Inputs> } = await import(/* @vite-ignore */ url);
    await peer.open?.();
    this.implementations.push(peer);
    return describe(peer);
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
    await task.provide?.(times);
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

/** How often a rate is measured; undefined: as often as is usual. */
function roundsOf(quick: boolean): number | undefined {
  return quick ? 1 : undefined;
}

function key(name: string, workload: WorkloadName): string {
  return `${name}: ${workload}`;
}

function describe({ name, workloads }: Implementation<Inputs>): ImplementationDescription {
  return { name, workloads: Object.keys(workloads) as WorkloadName[] };
}
