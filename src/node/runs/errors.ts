import { EngineError } from "../../engine/errors.js";

/** A folder of a training run that is missing, damaged, in the way, or of another run. */
export class RunError extends EngineError {
  override name = "RunError";
}

/** Samples for a training that cannot be read, or are of another kind. */
export class SampleError extends EngineError {
  override name = "SampleError";
}

/** The user stopped a run, which can continue later. */
export class StoppedError extends EngineError {
  override name = "StoppedError";

  /**
   * @param at where the run was stopped and what was kept, such as "Stopped at step 3; the checkpoint holds
   * it".
   */
  constructor(at: string, training: string, folder: string) {
    super(`${at}; continue with metakernelgan train ${training} --resume --out ${folder}`);
  }
}
