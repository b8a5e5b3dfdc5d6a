import type { Command } from "commander";
import { UPSCALER_DEFAULTS } from "../../../../train/upscaler/upscaler-settings.js";
import { wholeNumber } from "../../../shared/options/option-values.js";
import { adapterOption, examples } from "../../../shared/options/shared-options.js";
import { addCommonOptions, addValidationOptions, byDefault } from "../shared/common-options.js";
import type { TrainUpscalerOptions } from "./run.js";

/** Adds `metakernelgan train upscaler`. */
export function addTrainUpscaler(train: Command, version: string): void {
  const command = train
    .command("upscaler")
    .summary("train USRNet, an upscaler")
    .description(
      "Trains a small USRNet on folders of sharp images, with random blurs, noise and scales. The run folder holds " +
        "checkpoints, a log and curves, and best.safetensors, the network to use. A run that was stopped or killed " +
        "continues with --resume, with bit-identical results.",
    );
  addValidationOptions(
    addCommonOptions(command, UPSCALER_DEFAULTS, { samples: "patches per step" }),
    UPSCALER_DEFAULTS,
  )
    .option(
      "--upscaler-weights <file>",
      "begin with these weights of a USRNet, .safetensors (default: untrained weights)",
    )
    .option(
      "--size <n>",
      `side of a sharp patch in pixels, a multiple of 32 ${byDefault(UPSCALER_DEFAULTS.size)}`,
      wholeNumber(32, 512),
    )
    .addOption(adapterOption())
    .addHelpText(
      "after",
      examples(
        "metakernelgan train upscaler --data photos --out run",
        "metakernelgan train upscaler --out run --resume",
        "metakernelgan upscale photo.jpg --out sharp.png --upscaler-weights run/best.safetensors",
      ),
    )
    .action(async (options: TrainUpscalerOptions) => {
      const { trainUpscaler } = await import("./run.js");
      await trainUpscaler(options, version);
    });
}
