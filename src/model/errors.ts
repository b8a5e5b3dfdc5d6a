import { EngineError } from "../engine/errors.js";

/** A weights file that is damaged, is of the wrong kind, or lacks a tensor. */
export class WeightsError extends EngineError {
  override name = "WeightsError";
}

/** An image that cannot be used: too small, without detail, or not finite. */
export class ImageError extends EngineError {
  override name = "ImageError";
}

/** A blur kernel that cannot be used: empty, not square, or not finite. */
export class KernelError extends EngineError {
  override name = "KernelError";
}
