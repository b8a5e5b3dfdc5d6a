import type { MethodName } from "../../../estimate/methods/methods.js";
import { UsageError } from "../errors.js";

/** The options of one kind of method by their names on the command line; undefined where they were not given. */
export type MethodOptions = Readonly<Record<string, unknown>>;

/**
 * Chooses the method of an estimate: the named one, else "meta" if an option of an adaptation was given, else "spectral".
 * @param adaptation the options that only an adaptation has.
 * @param spectral the options that only the spectral estimator has.
 * @throws {UsageError} if a given option does not go with the method.
 */
export function chosenMethod(
  named: MethodName | undefined,
  adaptation: MethodOptions,
  spectral: MethodOptions = {},
): MethodName {
  const method = named ?? (firstGiven(adaptation) === undefined ? "spectral" : "meta");
  const [unfit, others] =
    method === "spectral"
      ? [firstGiven(adaptation), "only for adaptations: leave it out, or give --method meta"]
      : [firstGiven(spectral), "only for --method spectral: leave it out"];
  if (unfit !== undefined) throw new UsageError(`--${unfit} is ${others}.`);
  if (method === "kernelgan" && adaptation.init !== undefined) {
    throw new UsageError("KernelGAN starts at random, so --init does not go with --method kernelgan.");
  }
  return method;
}

function firstGiven(options: MethodOptions): string | undefined {
  return Object.keys(options).find((name) => options[name] !== undefined);
}
