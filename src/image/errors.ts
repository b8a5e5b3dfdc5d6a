import { EngineError } from "../engine/errors.js";

/** An image that cannot be used: too small, without detail, or not finite. */
export class ImageError extends EngineError {
  override name = "ImageError";
}
