import type { Engine } from "../../../src/engine/device/engine.js";
import { median } from "../../report/statistics/statistics.js";
import type { Probe, ProbeRow } from "./probe.js";

const SAMPLES = 5;
const BYTES = 16 * 2 ** 20;

/** Copies between the program's memory and the device's. */
export const transfers: Probe = {
  title: "transfers",
  async run(engine: Engine): Promise<ProbeRow[]> {
    const tensor = engine.tensor([BYTES / 4], { label: "transferred" });
    const data = new Float32Array(BYTES / 4).fill(1);
    const [uploads, readbacks]: [number[], number[]] = [[], []];
    try {
      for (let sample = -1; sample < SAMPLES; sample++) {
        const start = performance.now();
        engine.write(tensor, data);
        await engine.device.queue.onSubmittedWorkDone();
        const middle = performance.now();
        await engine.read(tensor);
        if (sample < 0) continue;
        uploads.push(middle - start);
        readbacks.push(performance.now() - middle);
      }
    } finally {
      engine.free(tensor);
    }
    const rate = (times: readonly number[]): number => BYTES / 1e6 / median(times);
    return [
      { name: "upload of 16 MiB", unit: "GB/s", value: rate(uploads) },
      { name: "readback of 16 MiB", unit: "GB/s", value: rate(readbacks) },
    ];
  },
};
