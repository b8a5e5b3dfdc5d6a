import type { BlurKernel } from "../../../kernel/blur-kernel.js";
import { kernelSpread } from "../../../kernel/metrics/kernel-spread.js";

/** Axes whose lengths differ by less than this factor count as equal: there is no visible direction. */
const ROUND = 1.1;

/** The kernel's covariance matrix in words; undefined if the kernel is not a blur. */
export function covarianceText(kernel: BlurKernel): string | undefined {
  const spread = kernelSpread(kernel);
  if (!spread) return undefined;
  const { xx, xy, yy } = spread.covariance;
  return `xx ${xx.toFixed(2)}, xy ${xy.toFixed(2)}, yy ${yy.toFixed(2)} square pixels (x to the right, y down)`;
}

/** Size and direction of the blur in words. */
export function blurText(kernel: BlurKernel): string {
  const spread = kernelSpread(kernel);
  if (!spread) {
    return "not an ellipse: the kernel is a line, a point or not a blur; if it is an estimate, take more steps or other weights";
  }
  const { wide, narrow, degrees } = spread;
  const pixels = "pixels of the high-resolution image";
  if (wide < narrow * ROUND) return `round, standard deviation ${wide.toFixed(2)} ${pixels}`;
  return (
    `standard deviation ${wide.toFixed(2)} along ${degrees.toFixed(0)}° and ${narrow.toFixed(2)} across, ` +
    `${pixels}; angle counterclockwise from horizontal`
  );
}

/** Size and direction in two short lines without units; none if the kernel is not a blur. */
export function shortBlurText(kernel: BlurKernel): string[] {
  const spread = kernelSpread(kernel);
  if (!spread) return [];
  const { wide, narrow, degrees } = spread;
  return [`σ ${wide.toFixed(2)} and ${narrow.toFixed(2)}`, `at ${degrees.toFixed(0)}°`];
}

/** A picture of a kernel in characters, two for each value. */
export function kernelPicture({ size, values }: BlurKernel): string {
  const shades = " ░▒▓█";
  const largest = Math.max(...values);
  const shade = (value: number): string =>
    shades[Math.max(0, Math.round((value / largest) * (shades.length - 1)))] ?? " ";
  return Array.from({ length: size }, (_, row) =>
    Array.from(values.subarray(row * size, (row + 1) * size), (value) => shade(value).repeat(2)).join(""),
  )
    .map((line) => `  ${line}`.trimEnd())
    .join("\n");
}
