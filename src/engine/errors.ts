/**
 * Root of every error that this package throws on purpose. The message is one sentence or two for the person
 * at the keyboard: what is wrong and what to do about it.
 */
export class EngineError extends Error {
  override name = "EngineError";
}

/** No WebGPU, or no adapter that can run the engine. */
export class NoAdapterError extends EngineError {
  override name = "NoAdapterError";
}

/** The device went away: it was destroyed, unplugged, or reset by the driver. */
export class DeviceLostError extends EngineError {
  override name = "DeviceLostError";
}

/** The device has not enough memory, or a buffer is larger than it allows. */
export class OutOfMemoryError extends EngineError {
  override name = "OutOfMemoryError";
}

/** A shader did not compile; the message holds line, column and source line. */
export class ShaderError extends EngineError {
  override name = "ShaderError";
}

/** A dispatch names a binding or an override constant that its shader does not have, or leaves one out. */
export class BindingError extends EngineError {
  override name = "BindingError";
}

/** Tensors whose shapes do not fit the operation. */
export class ShapeError extends EngineError {
  override name = "ShapeError";
}

/** The device lacks an optional feature that was asked for. */
export class FeatureError extends EngineError {
  override name = "FeatureError";
}

/** A computation gave NaN or infinity. */
export class NumericalError extends EngineError {
  override name = "NumericalError";
}
