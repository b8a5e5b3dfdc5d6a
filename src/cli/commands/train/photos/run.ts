import type { AdapterChoice } from "../../../../node/device/adapters.js";
import { SAMPLE_SOURCE } from "../../../../node/runs/sample-pool.js";
import type { PhotosSettings } from "../../../../train/guided/photos-settings.js";
import { PHOTOS_TRAINING } from "../../../../train/guided/photos-training.js";
import { print } from "../../../shared/terminal/report.js";
import { trainingReport } from "../shared/report.js";
import { runTrainingFrom } from "../shared/run-training.js";
import type { TrainOptions } from "../shared/settings.js";

/** The options of `metakernelgan train photos`, as Commander gives them. */
export interface TrainPhotosOptions extends Omit<TrainOptions<PhotosSettings>, "scale" | "init"> {
  readonly upscalerWeights?: string;
  readonly scale?: "2" | "4";
  readonly adapter?: AdapterChoice;
}

/** `metakernelgan train photos`. */
export async function trainPhotos(options: TrainPhotosOptions, version: string): Promise<void> {
  const { scale: text, upscalerWeights: init, ...others } = options;
  const scale = text === undefined ? undefined : text === "4" ? 4 : 2;
  print(
    trainingReport(
      PHOTOS_TRAINING,
      await runTrainingFrom(SAMPLE_SOURCE, PHOTOS_TRAINING, { ...others, init, scale }, version),
    ),
  );
}
