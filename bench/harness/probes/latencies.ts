import type { Engine } from "../../../src/engine/device/engine.js";
import { shaderFromSource } from "../../../src/engine/device/shader-source.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import { median } from "../../report/statistics/statistics.js";
import type { Probe, ProbeRow } from "./probe.js";

const SAMPLES = 15;
/** Dispatches of one submission, and buffers that independent ones write by turns. */
const DISPATCHES = 500;
const BUFFERS = 50;

const STEP = `
@group(0) @binding(0) var<storage, read_write> x: array<u32>;
@compute @workgroup_size(1) fn main() { x[0] += 1u; }`;

/** Milliseconds of something, as the median of some times. */
async function timed(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let sample = -1; sample < SAMPLES; sample++) {
    const start = performance.now();
    await run();
    if (sample >= 0) times.push(performance.now() - start);
  }
  return median(times);
}

/** Milliseconds of a submission of tiny dispatches that write so many buffers by turns. */
async function dispatches(engine: Engine, buffers: number): Promise<number> {
  const tape = new Tape(engine);
  const tensors = Array.from({ length: buffers }, () => tape.tensor([4], "x", "u32"));
  for (const x of tensors)
    tape.dispatch({ shader: shaderFromSource(STEP), bindings: { x }, workgroups: [1] });
  const program = await tape.finish();
  const time = await timed(async () => {
    program.run(DISPATCHES / buffers);
    await engine.device.queue.onSubmittedWorkDone();
  });
  program.dispose();
  return time;
}

/** The time that passes without any work: of submissions, of mapping, and of each dispatch. */
export const latencies: Probe = {
  title: "latencies",
  async run(engine: Engine): Promise<ProbeRow[]> {
    const { device } = engine;
    const submit = await timed(() => {
      device.queue.submit([device.createCommandEncoder().finish()]);
      return device.queue.onSubmittedWorkDone();
    });
    const staging = device.createBuffer({
      size: 16,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
    const map = await timed(async () => {
      await staging.mapAsync(GPUMapMode.READ);
      staging.unmap();
    });
    staging.destroy();
    const [independent, dependent] = [await dispatches(engine, BUFFERS), await dispatches(engine, 1)];
    const each = (time: number): number => Math.max(0, (1000 * (time - submit)) / DISPATCHES);
    return [
      { name: "an empty submission and its end", unit: "µs", value: 1000 * submit },
      { name: "mapping an idle buffer", unit: "µs", value: 1000 * map },
      { name: "a dispatch, independent of the last", unit: "µs", value: each(independent) },
      { name: "a dispatch that waits for the last", unit: "µs", value: each(dependent) },
    ];
  },
};
