import type { AdapterChoice } from "../../../../node/device/adapters.js";
import { SIZE_MULTIPLE, type UpscalerSettings } from "../../../../train/upscaler/upscaler-settings.js";
import { UPSCALER_TRAINING } from "../../../../train/upscaler/upscaler-training.js";
import { UsageError } from "../../../shared/errors.js";
import { print } from "../../../shared/terminal/report.js";
import { trainingReport } from "../shared/report.js";
import { runTraining } from "../shared/run-training.js";
import type { TrainOptions } from "../shared/settings.js";

/** The options of `metakernelgan train upscaler`, as Commander gives them. */
export interface TrainUpscalerOptions extends Omit<TrainOptions<UpscalerSettings>, "init"> {
  readonly upscalerWeights?: string;
  readonly adapter?: AdapterChoice;
}

/** `metakernelgan train upscaler`. */
export async function trainUpscaler(options: TrainUpscalerOptions, version: string): Promise<void> {
  const given = { ...options, init: options.upscalerWeights };
  print(
    trainingReport(UPSCALER_TRAINING, await runTraining(UPSCALER_TRAINING, given, version, assertSizeFits)),
  );
}

/** @throws {UsageError} if patches would not begin where a binding may. */
function assertSizeFits({ size }: UpscalerSettings): void {
  if (size % SIZE_MULTIPLE) throw new UsageError(`--size is a multiple of ${SIZE_MULTIPLE}; got ${size}.`);
}
