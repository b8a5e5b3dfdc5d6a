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
