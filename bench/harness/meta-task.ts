import type { MetaTask } from "../../src/train/meta/meta-step.js";
import type { MetaInputs, NamedTensor } from "./inputs.js";

/** The task of the inputs, with windows for this many inner steps and evaluations. */
export function metaTask(meta: MetaInputs, innerSteps: number, evaluations: number): MetaTask {
  const image = ({ shape, data }: NamedTensor) => ({
    width: shape[2] as number,
    height: shape[1] as number,
    data,
  });
  return {
    images: { parent: image(meta.parent), child: image(meta.child) },
    kernel: meta.kernel.data,
    windows: meta.windows.data.slice(0, 2 * innerSteps),
    evaluationWindows: meta.evaluationWindows.data.slice(0, 2 * evaluations),
  };
}
