import type { Command } from "commander";
import { Option } from "commander";
import { SPECTRAL_DEFAULTS as DEFAULTS } from "../../../../train/spectral/spectral-training-options.js";
import { collect, learningRate, wholeNumber } from "../../../shared/options/option-values.js";
import { adapterOption, examples } from "../../../shared/options/shared-options.js";
import type { TrainSpectralOptions } from "./run.js";

/** Each sample takes 6.5 kB of memory. */
const MAX_SAMPLES = 300_000;

/** Names the options of `metakernelgan train-spectral`. */
export function addTrainSpectral(program: Command, version: string): void {
  program
    .command("train-spectral")
    .summary("train the spectral estimator's network on your own images")
    .description(
      "Degrades parts of sharp photos at random, measures their spectra, and fits the network that reads blur and noise off " +
        "them. The run folder keeps the measurements (6.5 kB an image), so that a run that was stopped or killed goes on " +
        "with --resume.",
    )
    .requiredOption("--data <folder>", "folder of images of at least 192×192 pixels; repeatable", collect)
    .requiredOption("--out <folder>", "run folder")
    .option("--resume", "go on with the run in the run folder, with its options")
    .addOption(
      new Option(
        "--scale <factor>",
        `upscaling that the estimates are for (default: ${DEFAULTS.scale})`,
      ).choices(["2", "4"]),
    )
    .option("--samples <n>", `degraded images (default: ${DEFAULTS.samples})`, wholeNumber(64, MAX_SAMPLES))
    .option(
      "--epochs <n>",
      `how often each is learned from (default: ${DEFAULTS.epochs})`,
      wholeNumber(1, 1000),
    )
    .option("--rate <r>", `rate of Adam at its highest (default: ${DEFAULTS.rate})`, learningRate)
    .option("--seed <n>", `fixes samples and start (default: ${DEFAULTS.seed})`, wholeNumber(0, 0xffffffff))
    .addOption(adapterOption())
    .addHelpText(
      "after",
      examples(
        "metakernelgan train-spectral --data photos --out run",
        "metakernelgan train-spectral --data photos --out run --resume",
        "metakernelgan estimate photo.jpg --method spectral --weights run/spectral.safetensors",
      ),
    )
    .action(async (options: TrainSpectralOptions) => {
      const { trainSpectral } = await import("./run.js");
      await trainSpectral(options, version);
    });
}
