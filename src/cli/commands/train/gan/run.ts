import type { AdapterChoice } from "../../../../node/device/adapters.js";
import { GAN_TRAINING } from "../../../../train/gan/gan-training.js";
import type { GanSettings, OuterStepName } from "../../../../train/outer-step/gan-settings.js";
import { UsageError } from "../../../shared/errors.js";
import { print } from "../../../shared/terminal/report.js";
import { trainingReport } from "../shared/report.js";
import { runTraining } from "../shared/run-training.js";
import type { TrainOptions } from "../shared/settings.js";

/** The options of `metakernelgan train gan`, as Commander gives them. */
export interface TrainGanOptions extends TrainOptions<GanSettings> {
  readonly adapter?: AdapterChoice;
}

/** `metakernelgan train gan`. */
export async function trainGan(options: TrainGanOptions, version: string): Promise<void> {
  const check = ({ outerStep }: GanSettings): void => assertFits(outerStep, options);
  print(trainingReport(GAN_TRAINING, await runTraining(GAN_TRAINING, options, version, check)));
}

/** @throws {UsageError} for options that do not fit the outer step, or each other. */
function assertFits(outerStep: OuterStepName, options: TrainGanOptions): void {
  const refuse = (option: string, why: string): never => {
    throw new UsageError(`--outer-step ${outerStep} ${why}: leave --${option} out.`);
  };
  const { evaluations, learn, kernelPixels } = options;
  if (outerStep !== "meta" && evaluations) refuse("evaluations", "has no inner loop");
  if (evaluations?.some((step, i) => step <= (evaluations[i - 1] ?? 0))) {
    throw new UsageError("--evaluations lists inner steps from 1 up, each later than the one before.");
  }
  if (outerStep !== "blur") return;
  if (learn && learn !== "discriminator") refuse(`learn ${learn}`, "teaches the discriminator alone");
  if (kernelPixels === "off") refuse("kernel-pixels off", "has no meta-losses");
}
