import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { kernelSpread } from "../../kernel/metrics/kernel-spread.js";
import type { Scale } from "./protocol.js";

/** Keeps a number and its unit on one line. */
const NBSP = "\u00a0";

/** Axes whose lengths differ by less than this factor count as equal: there is no visible direction. */
const ROUND = 1.1;

/** Size and direction of a blur. */
export function blurWords(kernel: BlurKernel): string {
  const spread = kernelSpread(kernel);
  if (!spread) return "no visible blur yet";
  const { wide, narrow, degrees } = spread;
  if (wide < narrow * ROUND) return `round, ${deviation(wide)}`;
  return `${deviation(wide)} along ${degrees.toFixed(0)}°, ${withUnit(narrow.toFixed(2), "px")} across`;
}

/** A standard deviation in 255ths. */
export function noiseWords(sigma: number): string {
  return withUnit(sigma.toFixed(1), `of${NBSP}255`);
}

/** The likely K-COV of the kernel; for ×4 it is known for the ×2 kernel only, from which the ×4 one is made. */
export function errorWords(error: number, scale: Scale): string {
  return `K‑COV${NBSP}${withUnit(error.toFixed(2), "px²")}${scale === 4 ? " (its kernel for ×2)" : ""}`;
}

/** A time, with its unit. */
export function timeWords(milliseconds: number): string {
  if (milliseconds < 100) return withUnit(Math.round(milliseconds), "ms");
  const seconds = milliseconds / 1000;
  if (seconds < 60) return withUnit(seconds.toFixed(1), "s");
  return `${withUnit(Math.floor(seconds / 60), "min")} ${withUnit(Math.floor(seconds % 60), "s")}`;
}

/** A number and its unit. */
export function withUnit(value: number | string, unit: string): string {
  return `${value}${NBSP}${unit}`;
}

/** A number of things. */
export function countWords(count: number, thing: string): string {
  return `${count}${NBSP}${thing}${count === 1 ? "" : "s"}`;
}

function deviation(pixels: number): string {
  return `σ${NBSP}${withUnit(pixels.toFixed(2), "px")}`;
}
