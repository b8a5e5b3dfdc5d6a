import { UsageError } from "../errors.js";
import type { EstimationMethodName } from "./estimation-methods.js";

/** What only an adaptation can be told, by the names of the options. */
export type AdaptationOptions = Readonly<Record<string, unknown>>;

/**
 * The method of an estimate: the one named, else that by the spectrum; but an adaptation where something was said that
 * only an adaptation has.
 * @param adaptation those options; undefined where they were not given.
 * @throws {UsageError} if the spectral method is named and such an option given.
 */
export function chosenMethod(
  method: EstimationMethodName | undefined,
  adaptation: AdaptationOptions,
): EstimationMethodName {
  const given = Object.keys(adaptation).find((name) => adaptation[name] !== undefined);
  if (method === "spectral" && given !== undefined) {
    throw new UsageError(
      `--${given} is about an adaptation, which --method spectral does without: leave it out, or take --method meta.`,
    );
  }
  return method ?? (given === undefined ? "spectral" : "meta");
}
