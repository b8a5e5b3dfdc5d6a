import { EngineError } from "../../engine/errors.js";

/** The options do not fit each other or name something that cannot be; the exit code is 2. */
export class UsageError extends EngineError {
  override name = "UsageError";
}

/** The user pressed Ctrl-C. */
export class CancelledError extends EngineError {
  override name = "CancelledError";

  constructor(message = "Cancelled; nothing was written.") {
    super(message);
  }
}

/** The user pressed Ctrl-C in a training run, which can go on later. */
export class StoppedError extends EngineError {
  override name = "StoppedError";

  constructor(command: string, folder: string, step: number) {
    super(
      `Stopped at step ${step}, and a checkpoint was written; go on with metakernelgan ${command} --resume --out ${folder}`,
    );
  }
}
