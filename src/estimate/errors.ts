import { EngineError } from "../engine/errors.js";

/** An estimate that cannot be made as asked: an option is out of its range, or the method does not have it. */
export class EstimateError extends EngineError {
  override name = "EstimateError";
}
