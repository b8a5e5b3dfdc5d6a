import { type Command, Option } from "commander";
import { decimalNumber } from "../../../shared/options/option-values.js";
import { examples } from "../../../shared/options/shared-options.js";
import { addSampleOptions } from "../shared/sample-options.js";
import type { SpectralSamplesOptions } from "./run.js";

/** Adds `metakernelgan train spectral-samples`. */
export function addSpectralSamples(train: Command): void {
  const command = train
    .command("spectral-samples")
    .summary("make samples to train a spectral network in PyTorch")
    .description(
      "Degrades random parts of sharp photos, as cameras do and as the paper does, and stores the small pictures with " +
        "their true kernels and noise. Existing files are kept, so a stopped call can be continued.",
    );
  addSampleOptions(command, { megabytes: 0.1, samples: 15_000 })
    .addOption(new Option("--scale <factor>", "upscaling to learn").choices(["2", "4"]).default("2"))
    .option("--paper", "only the paper's kernels, without other blurs and cameras")
    .addOption(
      new Option("--wide", "only lenses far out of focus, wide Gaussians and long shakes").conflicts("paper"),
    )
    .addOption(
      new Option("--cameras <part>", "share of the samples that a camera took (default: 0.5)")
        .argParser(decimalNumber(0, 1))
        .conflicts("paper"),
    )
    .option(
      "--jpeg <part>",
      "share of JPEG among the samples without a camera (default: 0.15)",
      decimalNumber(0, 1),
    )
    .addHelpText("after", examples("metakernelgan train spectral-samples --data photos --out samples"))
    .action(async (options: SpectralSamplesOptions) => {
      const { spectralSamples } = await import("./run.js");
      await spectralSamples(options);
    });
}
