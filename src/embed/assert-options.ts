import { kindOf, shown, tagOf } from "../engine/kind-of.js";
import { ALIGNMENTS } from "../kernel/align-kernel.js";
import { type BlurKernel, MAX_KERNEL_SIDE } from "../kernel/blur-kernel.js";
import type { GivenKernel, UpscalePhotoOptions } from "../pipeline/upscale-photo.js";
import { assertSigma, assertSum } from "../upscale/assert-upscale-options.js";
import { UpscaleError } from "../upscale/errors.js";
import { assertTile } from "../upscale/tiles/limits.js";
import { UPSCALER_NAMES, type UpscalerName } from "../upscale/upscaler-names.js";

/** What belongs to the upscaler, and would be ignored in a call. */
const FIXED = ["scale", "model", "weights", "device", "powerPreference"];

const CALLBACKS = ["onProgress", "onKernel", "onPlan"];

/**
 * Checks the options that all calls share, before anything is begun.
 * @throws {UpscaleError} if they are no plain object, such as a signal itself, or their signal or a callback is something else.
 */
export function assertOptions(options: object): void {
  if (tagOf(options) !== "Object") {
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

/** What an upscaler is made with. */
interface UpscalerOptions {
  readonly scale?: 2 | 4;
  readonly model?: UpscalerName;
  readonly powerPreference?: GPUPowerPreference;
}

/**
 * Checks the options of a new upscaler, before anything is fetched or started.
 * @throws {UpscaleError} if one is none that there is.
 */
export function assertUpscalerOptions(options: UpscalerOptions): void {
  assertOptions(options);
  const { scale = 2, model = "fast", powerPreference = "low-power" } = options;
  assertOneOf("scale", scale, [2, 4]);
  assertOneOf("model", model, UPSCALER_NAMES);
  assertOneOf("powerPreference", powerPreference, ["low-power", "high-performance"]);
}

/**
 * Checks the options of a call, before anything is begun.
 * @throws {UpscaleError} as {@link assertOptions}, or if one belongs to the upscaler.
 */
export function assertCallOptions(options: object): void {
  assertOptions(options);
  const fixed = FIXED.find((name) => name in options);
  if (fixed) throw new UpscaleError(`\`${fixed}\` belongs to the upscaler, not to a call: create another.`);
}

/**
 * Checks a picture's options, so that no estimate is made in vain.
 * @throws {UpscaleError} if one is out of its range.
 */
export function assertPictureOptions(options: UpscalePhotoOptions, scale: number): void {
  assertCallOptions(options);
  const { sigma = "auto", align = "photo", boundary = "natural", tile, given } = options;
  if (sigma !== "auto") assertSigma(sigma);
  if (tile !== undefined) assertTile(tile, scale);
  assertOneOf("align", align, ALIGNMENTS);
  assertOneOf("boundary", boundary, ["natural", "circular"]);
  if (given !== undefined) assertGiven(given);
}

function assertGiven(given: GivenKernel): void {
  const { kernel, noise, uncertainty } = given ?? {};
  const { size = 0, values, orientation, scale } = (kernel ?? {}) as Partial<BlurKernel>;
  if (
    tagOf(values) !== "Float64Array" ||
    !size ||
    values?.length !== size ** 2 ||
    !Number.isInteger(scale) ||
    !/^(correlation|convolution)$/.test(String(orientation))
  ) {
    throw new UpscaleError(
      `A known blur is { kernel }, as blurKernel(values, scale) makes it; got ${kindOf(given)}.`,
    );
  }
  if (size > MAX_KERNEL_SIDE) {
    throw new UpscaleError(`A kernel has 1 to ${MAX_KERNEL_SIDE} values a side; got ${size}.`);
  }
  assertSum(kernel as BlurKernel);
  for (const value of [noise, uncertainty?.error, uncertainty?.nonGaussianity]) {
    if (value === undefined || (Number.isFinite(value) && value >= 0)) continue;
    throw new UpscaleError(`A kernel's noise and uncertainty are numbers from 0 up; got ${shown(value)}.`);
  }
}

function assertOneOf<Value>(name: string, value: Value, allowed: readonly Value[]): void {
  if (allowed.includes(value)) return;
  throw new UpscaleError(`\`${name}\` is one of ${allowed.join(", ")}; got ${shown(value)}.`);
}
