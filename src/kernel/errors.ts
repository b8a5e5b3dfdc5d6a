import { EngineError } from "../engine/errors.js";

/** A blur kernel that cannot be used: empty, not square, or not finite. */
export class KernelError extends EngineError {
  override name = "KernelError";
}
