import type { BlurKernel } from "../model/blur-kernel.js";
import { kernelSpread } from "../model/metrics/kernel-spread.js";

/** Keeps a number and its unit on one line. */
const NBSP = "\u00a0";

/** Axes whose lengths differ by less than this factor are called equal: no direction can be seen. */
const ROUND = 1.1;

/** Size and direction of a blur. */
export function blurWords(kernel: BlurKernel): string {
  const spread = kernelSpread(kernel);
  if (!spread) return "no blur to be seen in it yet";
  const { wide, narrow, degrees } = spread;
  if (wide < narrow * ROUND) return `round, ${deviation(wide)}`;
  return `${deviation(wide)} along ${degrees.toFixed(0)}°, ${withUnit(narrow.toFixed(2), "px")} across`;
}

/** A time, with its unit. */
export function timeWords(milliseconds: number): string {
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
