import type { RunResult } from "../../../../node/runs/training-run.js";
import { trainingReport } from "../shared/report.js";

/** What a training of the GAN has made, in words. */
export function ganReport(result: RunResult): string {
  const best = result.folder.bestValidation("kernelPsnr");
  return trainingReport(
    result,
    best && `best at step ${best.step}: ${best.validation.kernelPsnr?.toFixed(2)} dB kernel PSNR`,
  );
}
