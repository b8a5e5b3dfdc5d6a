import type { AdapterDescription } from "../../engine/device/adapter.js";
import { kernelCov, kernelPsnr } from "../../kernel/metrics/kernel-metrics.js";
import { kernelSpread } from "../../kernel/metrics/kernel-spread.js";
import { UPSCALER_TITLES } from "../../upscale/upscaler-names.js";
import { byId, fillList } from "../shared/dom.js";
import type { OpenImage, RunResult } from "../shared/protocol.js";
import { blurWords, countWords, errorWords, noiseWords, timeWords, withUnit } from "../shared/words.js";

/** Why an estimate has no result. */
const LACKS = {
  small: "too few pixels",
  transparent: "too few opaque pixels",
  flat: "one color throughout",
  drawn: "a sharp drawing",
} as const;

/** Lists the facts of a finished run. */
export function showDetails(image: OpenImage, result: RunResult): void {
  const { settings, timings, kernel, reading, adapter } = result;
  const { scale, model, sigma } = settings;
  const rows: [string, string][] = [
    ["Picture", `${image.width}×${image.height} to ${result.width}×${result.height} pixels`],
    ["Blur", blurWords(kernel)],
  ];
  const spread = kernelSpread(kernel);
  if (spread) {
    const { xx, xy, yy } = spread.covariance;
    rows.push([
      "Covariance",
      `xx ${xx.toFixed(2)}, xy ${xy.toFixed(2)}, yy ${withUnit(yy.toFixed(2), "px²")} (y down)`,
    ]);
  }
  if (image.truth?.size === kernel.size) {
    const psnr = kernelPsnr(kernel, image.truth).toFixed(1);
    const cov = kernelCov(kernel, image.truth).toFixed(2);
    rows.push(
      ["True blur", blurWords(image.truth)],
      ["Against it", `kernel PSNR ${withUnit(psnr, "dB")}, K‑COV ${withUnit(cov, "px²")}`],
    );
  }
  if (reading.error !== undefined) rows.push(["Likely error", errorWords(reading.error, scale)]);
  if (reading.noise !== undefined) rows.push(["Noise", `${noiseWords(reading.noise)}, by the spectrum`]);
  const chosen = sigma === "auto" ? " (automatic)" : "";
  rows.push(
    ["Preparing", timeWords(timings.prepare)],
    ["Estimate", `${timeWords(timings.estimate)} ${methodWords(result)}`],
    [
      "Upscaling",
      `${timeWords(timings.upscale)} by ${UPSCALER_TITLES[model]}, ${countWords(result.tiles, "tile")}, told noise ${noiseWords(reading.sigma)}${chosen}`,
    ],
    ["Device", deviceWords(adapter)],
  );
  fillList(byId("details", HTMLDListElement), rows);
}

function methodWords({ settings: { method, steps, seed }, reading, timings }: RunResult): string {
  if (reading.assumed) return `without result: ${LACKS[reading.assumed]}, so a usual blur is assumed`;
  if (method === "spectral") return "by its spectrum";
  const perStep = steps > 0 ? `, ${withUnit((timings.estimate / steps).toFixed(1), "ms")} each` : "";
  return `for ${countWords(steps, "step")}${perStep}; seed ${seed}`;
}

/** A device in words. Browsers often tell only vendor and architecture, and sometimes the same word twice. */
function deviceWords({ name, vendor, architecture, kind }: AdapterDescription): string {
  const words = new Set([vendor, name, architecture].filter((word) => word !== ""));
  return [...words].join(" ") + (kind === "gpu" ? "" : " (software, on the processor)");
}
