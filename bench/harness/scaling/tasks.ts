import { MetaStep } from "../../../src/train/meta/meta-step.js";
import { GAN_DEFAULTS } from "../../../src/train/outer-step/gan-settings.js";
import { makeInputs, weightsOf } from "../inputs.js";
import { metaTask } from "../meta-task.js";
import type { ScalingStudy } from "./scaling-study.js";

/** An upper bound on the steps that are timed from one recording. */
const MAX_STEPS = 400;

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
    const step = await MetaStep.record(engine, { steps: MAX_STEPS });
    step.initialization.load(weightsOf(inputs));
    const task = metaTask(inputs.meta, evaluations.at(-1) as number, evaluations.length);
    return {
      async sample() {
        const began = performance.now();
        step.run(
          Array.from({ length: count }, () => task),
          evaluations.map(() => 1 / evaluations.length),
          0,
        );
        await engine.synchronize();
        const time = performance.now() - began;
        return [[time], [time / count]];
      },
    };
  },
};
