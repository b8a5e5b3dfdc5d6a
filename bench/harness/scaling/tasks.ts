import { MetaStep } from "../../../src/train/meta/meta-step.js";
import { GAN_DEFAULTS } from "../../../src/train/outer-step/gan-settings.js";
import { makeInputs, weightsOf } from "../inputs.js";
import { metaTask } from "../meta-task.js";
import { Renewed } from "../timing/renewed.js";
import type { ScalingStudy } from "./scaling-study.js";

/** Steps of one recording. */
const STEPS = 400;

/** A meta-step as the number of its tasks grows. Each task has its own inner loop. */
export const tasks: ScalingStudy = {
  over: "a meta-step: tasks",
  points: [1, 2, 4, 8],
  measures: [
    { name: "whole", unit: "ms" },
    { name: "per task", unit: "ms" },
  ],
  async prepare({ engine }, count) {
    const { evaluations } = GAN_DEFAULTS;
    const inputs = makeInputs();
    const recordings = new Renewed(STEPS, async (steps) => {
      const recorded = await MetaStep.record(engine, { steps });
      recorded.initialization.load(weightsOf(inputs));
      return recorded;
    });
    const task = metaTask(inputs.meta, evaluations.at(-1) as number, evaluations.length);
    return {
      async sample() {
        await recordings.provide(1);
        const began = performance.now();
        recordings.take(1).run(
          Array.from({ length: count }, () => task),
          evaluations.map(() => 1 / evaluations.length),
          0,
        );
        await engine.synchronize();
        const time = performance.now() - began;
        return [[time], [time / count]];
      },
      dispose: () => recordings.dispose(),
    };
  },
};
