import { EngineError } from "../engine/errors.js";

/** A weights file that is damaged, is of the wrong kind, or lacks a tensor. */
export class WeightsError extends EngineError {
  override name = "WeightsError";
}

/** A weights file whose tensors are not those of the network. */
export class LayoutError extends WeightsError {}

/** The error for a file that does not hold what its format says. */
export function damagedFile(what: string): WeightsError {
  return new WeightsError(`${what}; the file is damaged or its download was cut short, so fetch it again.`);
}
