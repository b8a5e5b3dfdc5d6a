import { kindOf } from "../engine/kind-of.js";
import { UpscaleError } from "./errors.js";
import type { UpscaleOptions } from "./upscaler.js";

/**
 * Checks that there are options with a kernel.
 * @throws {UpscaleError} if there are none.
 */
export function assertUpscaleOptions(options: UpscaleOptions): void {
  if (options?.kernel?.values) return;
  throw new UpscaleError(`An upscaler needs { kernel, scale }; got ${kindOf(options?.kernel ?? options)}.`);
}
