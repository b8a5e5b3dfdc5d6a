import { EngineError } from "../engine/errors.js";

/** A weights file that is damaged, is of the wrong kind, or lacks a tensor. */
export class WeightsError extends EngineError {
  override name = "WeightsError";
}

/** A weights file whose tensors are not those of the network. */
export class LayoutError extends WeightsError {}
