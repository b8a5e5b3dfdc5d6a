import type { AdapterChoice } from "../../../../node/device/adapters.js";
import type { SpectralSettings } from "../../../../train/spectral/spectral-settings.js";
import { SPECTRAL_TRAINING } from "../../../../train/spectral/spectral-training.js";
import { UsageError } from "../../../shared/errors.js";
import { print } from "../../../shared/terminal/report.js";
import { trainingReport } from "../shared/report.js";
import { runTraining } from "../shared/run-training.js";
import type { TrainOptions } from "../shared/settings.js";

/** The options of `metakernelgan train spectral`, as Commander gives them. */
export interface TrainSpectralOptions extends Omit<TrainOptions<SpectralSettings>, "scale" | "init"> {
  readonly spectralWeights?: string;
  readonly scale?: "2" | "4";
  readonly adapter?: AdapterChoice;
}

/** `metakernelgan train spectral`. */
export async function trainSpectral(options: TrainSpectralOptions, version: string): Promise<void> {
  const { scale: text, spectralWeights: init, ...others } = options;
  const scale = text === undefined ? undefined : text === "4" ? 4 : 2;
  print(
    trainingReport(
      SPECTRAL_TRAINING,
      await runTraining(SPECTRAL_TRAINING, { ...others, init, scale }, version, assertBatchesFit),
    ),
  );
}

/** @throws {UsageError} if the samples cannot be taken in batches. */
function assertBatchesFit({ batch, samples }: SpectralSettings): void {
  if (batch % 4) throw new UsageError(`--batch is a multiple of 4; got ${batch}.`);
  if (samples >= batch) return;
  throw new UsageError(
    `--samples ${samples} is less than a batch of ${batch}: give more samples, or a smaller --batch.`,
  );
}
