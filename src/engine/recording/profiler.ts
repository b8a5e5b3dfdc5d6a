import { EngineError, FeatureError } from "../errors.js";
import type { Program } from "./program.js";

/** Timestamps that every WebGPU device writes in one set. */
const MAX_QUERIES = 4096;

/** The time that one shader took in one run of a program. */
export interface ShaderTime {
  readonly label: string;
  readonly dispatches: number;
  readonly milliseconds: number;
  readonly multiplyAdds: number;
}

/**
 * Runs a program once, times every dispatch with GPU timestamps, and sums the times by shader, longest first.
 * Each dispatch gets its own pass, so that the sum is a little longer than an unprofiled run.
 * @throws {StepRangeError} as {@link Program.run}.
 * @throws {EngineError} if there are more than 2048 dispatches.
 * @throws {FeatureError} if the device was opened without `timestamp-query`.
 */
export async function profile(program: Program): Promise<ShaderTime[]> {
  const { engine, dispatches, steps } = program;
  const { device } = engine;
  if (!device.features.has("timestamp-query")) {
    throw new FeatureError(
      "This device has no GPU timestamps: open it with the feature timestamp-query, or time whole runs.",
    );
  }
  const count = 2 * dispatches.length;
  if (count > MAX_QUERIES) {
    throw new EngineError(
      `A profile times up to ${MAX_QUERIES / 2} dispatches; this program has ${dispatches.length}.`,
    );
  }
  steps.take(1);
  const querySet = device.createQuerySet({ type: "timestamp", count });
  const resolved = device.createBuffer({
    size: 8 * count,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  });
  const staging = device.createBuffer({
    size: 8 * count,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  try {
    const encoder = device.createCommandEncoder();
    dispatches.forEach(({ pipeline, bindGroup, workgroups }, index) => {
      const pass = encoder.beginComputePass({
        timestampWrites: {
          querySet,
          beginningOfPassWriteIndex: 2 * index,
          endOfPassWriteIndex: 2 * index + 1,
        },
      });
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(...workgroups);
      pass.end();
    });
    encoder.resolveQuerySet(querySet, 0, count, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, 8 * count);
    device.queue.submit([encoder.finish()]);
    await engine.wait(staging.mapAsync(GPUMapMode.READ));
    await engine.settle();
    const nanoseconds = new BigUint64Array(staging.getMappedRange());
    const times = new Map<string, ShaderTime>();
    dispatches.forEach(({ label, multiplyAdds }, index) => {
      const elapsed = Number((nanoseconds[2 * index + 1] as bigint) - (nanoseconds[2 * index] as bigint));
      const sum = times.get(label);
      times.set(label, {
        label,
        dispatches: (sum?.dispatches ?? 0) + 1,
        milliseconds: (sum?.milliseconds ?? 0) + elapsed / 1e6,
        multiplyAdds: (sum?.multiplyAdds ?? 0) + multiplyAdds,
      });
    });
    return [...times.values()].sort((a, b) => b.milliseconds - a.milliseconds);
  } finally {
    querySet.destroy();
    resolved.destroy();
    staging.destroy();
  }
}
