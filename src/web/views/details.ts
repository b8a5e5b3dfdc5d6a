import type { AdapterDescription } from "../../engine/adapter.js";
import { kernelCov, kernelPsnr } from "../../model/metrics/kernel-metrics.js";
import { kernelSpread } from "../../model/metrics/kernel-spread.js";
import { byId, html } from "../dom.js";
import type { OpenImage, RunResult } from "../protocol.js";
import { blurWords, countWords, timeWords, withUnit } from "../words.js";

const MODELS = { fast: "the fast upscaler", usrnet: "USRNet" } as const;

/** Lists what there is to know of a finished run. */
export function showDetails(image: OpenImage, result: RunResult): void {
  const { settings, timings, kernel, adapter } = result;
  const { steps, seed, model, sigma } = settings;
  const perStep = steps > 0 ? `, ${withUnit((timings.adapt / steps).toFixed(1), "ms")} each` : "";
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
  const noise = sigma > 0 ? `, noise ${sigma} of 255` : "";
  rows.push(
    ["Preparing", timeWords(timings.prepare)],
    ["Estimate", `${timeWords(timings.adapt)} for ${countWords(steps, "step")}${perStep}; seed ${seed}`],
    [
      "Upscaling",
      `${timeWords(timings.upscale)} by ${MODELS[model]}, ${countWords(result.tiles, "tile")}${noise}`,
    ],
    ["Device", deviceWords(adapter)],
  );
  byId("details", HTMLElement).replaceChildren(
    ...rows.flatMap(([name, value]) => [html("dt", {}, name), html("dd", {}, value)]),
  );
}

/** What browsers tell of a device: often no more than vendor and architecture, and sometimes twice the same. */
function deviceWords({ name, vendor, architecture, kind }: AdapterDescription): string {
  const words = new Set([vendor, name, architecture].filter((word) => word !== ""));
  return [...words].join(" ") + (kind === "gpu" ? "" : " (software, on the processor)");
}
