/**
 * Root of every error that this package throws on purpose. The message is one or two sentences for the person
 * at the keyboard: what went wrong, and what to do about it.
 */
export class EngineError extends Error {
  override name = "EngineError";
}

/** WebGPU is missing, or no adapter can run the engine. */
export class NoAdapterError extends EngineError {
  override name = "NoAdapterError";
}

/** The device is gone for good: it was destroyed, unplugged, or reset by the driver. */
export class DeviceLostError extends EngineError {
  override name = "DeviceLostError";
}

/** The device has too little memory, or a buffer is larger than it allows. */
export class OutOfMemoryError extends EngineError {
  override name = "OutOfMemoryError";
}

/**
 * A shader does not compile (the message holds file, line, column and source line), or is not a shader at
 * all.
 */
export class ShaderError extends EngineError {
  override name = "ShaderError";
}

/**
 * A dispatch names a binding or an override constant that its shader lacks, or leaves out one that it needs.
 */
export class BindingError extends EngineError {
  override name = "BindingError";
}

/** Shapes, sizes or element types that do not fit the operation. */
export class ShapeError extends EngineError {
  override name = "ShapeError";
}

/** A program was to run past the last step that its tables or histories hold, or steps are not a whole number. */
export class StepRangeError extends EngineError {
  override name = "StepRangeError";
}

/** The device lacks an optional feature that was asked for. */
export class FeatureError extends EngineError {
  override name = "FeatureError";
}

/** A computation gave NaN or infinity. */
export class NumericalError extends EngineError {
  override name = "NumericalError";
}
