import type { Dispatch, Program } from "../../../src/engine/recording/program.js";

/** Dispatches that one query set times: every WebGPU device writes 4096 timestamps in one set. */
const MAX_DISPATCHES = 2048;

/** The clock that timed a dispatch: the GPU's, or that of the program that waits for it. */
export type Clock = "GPU timestamps" | "wall clock";

/** The clock that a program's dispatches are timed with. */
export function clockOf({ engine }: Program): Clock {
  return engine.device.features.has("timestamp-query") ? "GPU timestamps" : "wall clock";
}

/**
 * Runs a program once, and times every dispatch by itself. By GPU timestamps, each gets a pass of its own. Where there are
 * none, each is submitted and waited for, which adds the cost of a submission.
 * @param repeats how often each dispatch runs in a row; default: once.
 * @returns milliseconds of one run of each dispatch, in the program's order.
 * @throws {StepRangeError} as {@link Program.run}.
 */
export async function timeDispatches(program: Program, repeats?: readonly number[]): Promise<number[]> {
  program.steps.take(1);
  const counted = program.dispatches.map((dispatch, i) => ({ dispatch, times: repeats?.[i] ?? 1 }));
  const milliseconds: number[] = [];
  for (let first = 0; first < counted.length; first += MAX_DISPATCHES) {
    const part = counted.slice(first, first + MAX_DISPATCHES);
    const timed =
      clockOf(program) === "wall clock" ? await byWall(program, part) : await byGpu(program, part);
    milliseconds.push(...timed.map((time, i) => time / (part[i] as Counted).times));
  }
  return milliseconds;
}

interface Counted {
  readonly dispatch: Dispatch;
  readonly times: number;
}

async function byGpu({ engine }: Program, dispatches: readonly Counted[]): Promise<number[]> {
  const { device } = engine;
  const count = 2 * dispatches.length;
  const querySet = device.createQuerySet({ type: "timestamp", count });
  const [resolved, staging] = [
    GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  ].map((usage) => device.createBuffer({ size: 8 * count, usage })) as [GPUBuffer, GPUBuffer];
  try {
    const encoder = device.createCommandEncoder();
    for (const [index, each] of dispatches.entries()) {
      const [beginningOfPassWriteIndex, endOfPassWriteIndex] = [2 * index, 2 * index + 1];
      encode(encoder, each, { querySet, beginningOfPassWriteIndex, endOfPassWriteIndex });
    }
    encoder.resolveQuerySet(querySet, 0, count, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, 8 * count);
    device.queue.submit([encoder.finish()]);
    await engine.wait(staging.mapAsync(GPUMapMode.READ));
    await engine.settle();
    const ticks = new BigUint64Array(staging.getMappedRange());
    return dispatches.map((_, i) => Number((ticks[2 * i + 1] as bigint) - (ticks[2 * i] as bigint)) / 1e6);
  } finally {
    for (const each of [querySet, resolved, staging]) each.destroy();
  }
}

async function byWall({ engine }: Program, dispatches: readonly Counted[]): Promise<number[]> {
  const milliseconds: number[] = [];
  for (const each of dispatches) {
    const encoder = engine.device.createCommandEncoder();
    encode(encoder, each);
    const commands = encoder.finish();
    const start = performance.now();
    engine.device.queue.submit([commands]);
    await engine.synchronize();
    milliseconds.push(performance.now() - start);
  }
  return milliseconds;
}

function encode(
  encoder: GPUCommandEncoder,
  { dispatch, times }: Counted,
  timestampWrites?: GPUComputePassTimestampWrites,
): void {
  const pass = encoder.beginComputePass({ ...(timestampWrites && { timestampWrites }) });
  pass.setPipeline(dispatch.pipeline);
  pass.setBindGroup(0, dispatch.bindGroup);
  for (let time = 0; time < times; time++) pass.dispatchWorkgroups(...dispatch.workgroups);
  pass.end();
}

/** Nanoseconds per tick of a clock, from times in milliseconds that it gave. 0 without any. */
export function tickOf(times: readonly number[]): number {
  return times
    .map((time) => Math.round(1e6 * time))
    .reduce((a, b) => {
      let [divisor, rest] = [a, b];
      while (rest > 0) [divisor, rest] = [rest, divisor % rest];
      return divisor;
    }, 0);
}
