import { EngineError } from "../engine/errors.js";

/** An upscaling that cannot be done as asked: an option out of its range, or a result that is too large. */
export class UpscaleError extends EngineError {
  override name = "UpscaleError";
}
