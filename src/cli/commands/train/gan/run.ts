import type { AdapterChoice } from "../../../../node/device/adapters.js";
import { GAN_TRAINING } from "../../../../train/gan/gan-training.js";
import type { GanMethod, GanSettings } from "../../../../train/outer-step/gan-settings.js";
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
  const check = ({ method }: GanSettings): void => assertFits(method, options);
  print(trainingReport(GAN_TRAINING, await runTraining(GAN_TRAINING, options, version, check)));
}

/** @throws {UsageError} for options that do not fit the method, or each other. */
function assertFits(method: GanMethod, options: TrainGanOptions): void {
  const refuse = (option: string, why: string): never => {
    throw new UsageError(`--method ${method} ${why}: leave --${option} out.`);
  };
  const { evaluations, learn, kernelPixels } = options;
  if (method !== "meta" && evaluations) refuse("evaluations", "has no inner loop");
  if (evaluations?.some((step, i) => step <= (evaluations[i - 1] ?? 0))) {
    throw new UsageError("--evaluations lists inner steps from 1 up, each later than the one before.");
  }
  if (method !== "blur") return;
  if (learn && learn !== "discriminator") refuse(`learn ${learn}`, "teaches the discriminator alone");
  if (kernelPixels === "off") refuse("kernel-pixels off", "has no meta-losses");
}
