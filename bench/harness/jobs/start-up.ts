import { Adaptation } from "../../../src/estimate/adaptation/adaptation.js";
import { recordMetaKernelGanStep } from "../../../src/estimate/metakernelgan/metakernelgan-step.js";
import { makeInputs, weightsOf } from "../inputs.js";
import type { Job } from "./job.js";

/** From no device to the first result. The process has done it before, so the driver's caches are warm. */
export const startUp: Job = {
  measures: [
    { name: "start-up: adapter and device", unit: "ms" },
    { name: "start-up: recording and compiling", unit: "ms" },
    { name: "start-up: first step and its result", unit: "ms" },
  ],
  async prepare({ openEngine }) {
    const inputs = makeInputs();
    return {
      async sample() {
        const times = [performance.now()];
        const engine = await openEngine();
        try {
          times.push(performance.now());
          const adaptation = await Adaptation.record(
            engine,
            weightsOf(inputs),
            {
              image: { width: 64, height: 64, data: inputs.patch.data },
              steps: 1,
              corners: new Uint32Array(2),
              seed: 0,
            },
            recordMetaKernelGanStep(),
          );
          times.push(performance.now());
          await adaptation.run();
          times.push(performance.now());
        } finally {
          engine.dispose();
        }
        return times.slice(1).map((time, i) => [time - (times[i] as number)]);
      },
    };
  },
};
