import type { Engine } from "../../src/engine/device/engine.js";
import { profile } from "../../src/engine/recording/profiler.js";
import type { Program } from "../../src/engine/recording/program.js";
import { type Summary, summarize } from "../report/statistics.js";
import type { Profile } from "./profiles/profile.js";

/** Work and time of one kernel in one run of a program. */
export interface KernelTimes {
  readonly name: string;
  readonly dispatches: number;
  /** Milliseconds of all its dispatches together, from GPU timestamps. */
  readonly time: Summary;
  readonly multiplyAdds: number;
  /** Bytes of all bound buffers, each counted once: the least that the kernel has to move if it reads all of them. */
  readonly bytes: number;
}

/** The kernels of a program over many runs. */
export interface KernelProfile {
  readonly kernels: readonly KernelTimes[];
  /** Nanoseconds per tick of the GPU's clock. The driver or the browser may round it. */
  readonly tick: number;
}

const WARM_UP = 5;

/**
 * Runs a program `samples` times and times its kernels.
 * @throws {FeatureError} where there are no GPU timestamps.
 */
export async function measureKernels(
  engine: Engine,
  { prepare }: Profile,
  samples: number,
): Promise<KernelProfile> {
  const boundBytes = watchBindGroups(engine.device);
  const { program, reset, dispose } = await prepare(engine, WARM_UP + samples);
  boundBytes.stop();
  try {
    const times = new Map<string, number[]>();
    for (let run = 0; run < WARM_UP + samples; run++) {
      reset?.();
      for (const { label, milliseconds } of await profile(program)) {
        if (run >= WARM_UP) times.set(label, [...(times.get(label) ?? []), milliseconds]);
      }
    }
    const kernels = [...costs(program, boundBytes.of)]
      .map(([name, cost]) => ({ name, ...cost, time: summarize(times.get(name) ?? []) }))
      .sort((a, b) => b.time.median - a.time.median);
    return { kernels, tick: commonDivisor([...times.values()].flat().map((time) => Math.round(1e6 * time))) };
  } finally {
    dispose();
  }
}

function commonDivisor(values: readonly number[]): number {
  return values.reduce((a, b) => {
    let [divisor, rest] = [a, b];
    while (rest > 0) [divisor, rest] = [rest, divisor % rest];
    return divisor;
  }, 0);
}

function costs(program: Program, bytesOf: (group: GPUBindGroup) => number) {
  const sums = new Map<string, { dispatches: number; multiplyAdds: number; bytes: number }>();
  for (const { label, bindGroup, multiplyAdds } of program.dispatches) {
    const sum = sums.get(label) ?? { dispatches: 0, multiplyAdds: 0, bytes: 0 };
    sum.dispatches += 1;
    sum.multiplyAdds += multiplyAdds;
    sum.bytes += bytesOf(bindGroup);
    sums.set(label, sum);
  }
  return sums;
}

/** Counts the bytes of each new bind group, since WebGPU does not tell afterward. */
function watchBindGroups(device: GPUDevice) {
  const bytes = new WeakMap<GPUBindGroup, number>();
  const create = device.createBindGroup;
  device.createBindGroup = (descriptor) => {
    const group = create.call(device, descriptor);
    const sizes = [...descriptor.entries].map(({ resource }) => (resource as GPUBufferBinding).size ?? 0);
    bytes.set(
      group,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    return group;
  };
  return {
    of: (group: GPUBindGroup): number => bytes.get(group) ?? 0,
    stop: (): void => {
      device.createBindGroup = create;
    },
  };
}
