import { kindOf } from "../engine/kind-of.js";
import { ALIGNMENTS } from "../kernel/align-kernel.js";
import type { UpscalePhotoOptions } from "../pipeline/upscale-photo.js";
import { UpscaleError } from "../upscale/errors.js";
import { MAX_SIGMA } from "../upscale/sigma/max-sigma.js";

const CALLBACKS = ["onProgress", "onKernel", "onPlan"];

/**
 * Checks the options that all calls share, before anything is begun.
 * @throws {UpscaleError} if they are no object, or their signal or a callback is something else.
 */
export function assertOptions(options: object): void {
  if (typeof options !== "object" || options === null) {
    throw new UpscaleError(`Options are an object, such as { signal }; got ${kindOf(options)}.`);
  }
  const given = options as Readonly<Record<string, unknown>>;
  const { signal } = given as { signal?: Partial<AbortSignal> };
  if (signal !== undefined && typeof signal?.throwIfAborted !== "function") {
    throw new UpscaleError(`A signal is an AbortSignal, such as controller.signal; got ${kindOf(signal)}.`);
  }
  for (const name of CALLBACKS) {
    const callback = given[name];
    if (callback === undefined || typeof callback === "function") continue;
    throw new UpscaleError(`${name} is a function; got ${kindOf(callback)}.`);
  }
}

/**
 * Checks a picture's options, so that no estimate is made in vain.
 * @throws {UpscaleError} if one is out of its range.
 */
export function assertPictureOptions(options: UpscalePhotoOptions): void {
  assertOptions(options);
  const { sigma = "auto", align = "photo", boundary = "natural", tile, given } = options;
  if (sigma !== "auto" && !(typeof sigma === "number" && sigma >= 0 && sigma <= MAX_SIGMA)) {
    throw new UpscaleError(`Sigma is "auto", or from 0 to ${MAX_SIGMA}, in 255ths; got ${sigma}.`);
  }
  if (tile !== undefined && !Number.isInteger(tile)) {
    throw new UpscaleError(`A tile's side is a whole number of pixels; got ${tile}.`);
  }
  assertOneOf("align", align, ALIGNMENTS);
  assertOneOf("boundary", boundary, ["natural", "circular"]);
  if (given !== undefined && !given?.kernel?.values) {
    throw new UpscaleError(`A known blur is given as { kernel }, with a BlurKernel; got ${kindOf(given)}.`);
  }
}

function assertOneOf(name: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  throw new UpscaleError(`${name} is ${allowed.join(" or ")}; got ${value}.`);
}
