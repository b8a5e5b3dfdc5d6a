import { type Command, Option } from "commander";
import { SPECTRAL_DEFAULTS } from "../../../../train/spectral/spectral-settings.js";
import { wholeNumber } from "../../../shared/options/option-values.js";
import { adapterOption, examples } from "../../../shared/options/shared-options.js";
import { addCommonOptions, addValidationOptions, byDefault } from "../shared/common-options.js";
import type { TrainSpectralOptions } from "./run.js";

/** Each sample takes 6.5 kB of memory. */
const MAX_SAMPLES = 300_000;

/** Adds `metakernelgan train spectral`. */
export function addTrainSpectral(train: Command, version: string): void {
  const command = train
    .command("spectral")
    .summary("train the spectral estimator's network")
    .description(
      "Degrades random parts of sharp photos, measures their spectra, and trains the network that reads blur and " +
        "noise off them. The run folder holds the measurements (6.5 kB per image), checkpoints, a log and curves, and " +
        "best.safetensors, the network to use. A run that was stopped or killed continues with --resume, with " +
        "bit-identical results.",
    );
  addValidationOptions(
    addCommonOptions(command, SPECTRAL_DEFAULTS, { samples: "images per step, a multiple of 4" }),
    SPECTRAL_DEFAULTS,
  )
    .option(
      "--spectral-weights <file>",
      "begin with these weights of the spectral network, .safetensors (default: untrained weights)",
    )
    .addOption(
      new Option("--scale <factor>", `scale of the estimates ${byDefault(SPECTRAL_DEFAULTS.scale)}`).choices([
        "2",
        "4",
      ]),
    )
    .option(
      "--samples <n>",
      `degraded images, at least one batch ${byDefault(SPECTRAL_DEFAULTS.samples)}`,
      wholeNumber(1, MAX_SAMPLES),
    )
    .addOption(adapterOption())
    .addHelpText(
      "after",
      examples(
        "metakernelgan train spectral --data photos --out run",
        "metakernelgan train spectral --out run --resume",
        "metakernelgan estimate photo.jpg --method spectral --spectral-weights run/best.safetensors",
      ),
    )
    .action(async (options: TrainSpectralOptions) => {
      const { trainSpectral } = await import("./run.js");
      await trainSpectral(options, version);
    });
}
