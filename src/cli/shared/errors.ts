import { EngineError } from "../../engine/errors.js";

/** The options do not fit each other or name something that cannot be; the exit code is 2. */
export class UsageError extends EngineError {
  override name = "UsageError";
}

/** The user pressed Ctrl-C. */
export class CanceledError extends EngineError {
  override name = "CanceledError";

  constructor(message = "Canceled; nothing was written.") {
    super(message);
  }
}
