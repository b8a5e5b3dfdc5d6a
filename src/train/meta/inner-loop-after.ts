import type { InnerLoopName } from "../../estimate/metakernelgan/inner-loop.js";
import type { TrainingMethod } from "./meta-training-config.js";

/** The inner loop for which a training method makes initializations. */
export function innerLoopAfter(method: TrainingMethod): InnerLoopName {
  return method === "blur" ? "steady" : "paper";
}
