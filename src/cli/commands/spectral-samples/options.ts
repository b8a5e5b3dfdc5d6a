import type { Command } from "commander";
import { collect, wholeNumber } from "../../shared/options/option-values.js";
import { examples } from "../../shared/options/shared-options.js";
import type { SpectralSamplesOptions } from "./run.js";

/** Names the options of `metakernelgan spectral-samples`. */
export function addSpectralSamples(program: Command): void {
  program
    .command("spectral-samples")
    .summary("degrade photos as samples to train the spectral network on")
    .description(
      "Degrades parts of sharp photos at random, as cameras do and as the paper does, and stores the small pictures with their " +
        "true kernels and noise. Files that are there already are kept, so that a run that was stopped goes on.",
    )
    .requiredOption("--data <folder>", "folder of images; repeatable", collect)
    .requiredOption("--out <folder>", "where the samples go, about 0.1 MB each")
    .option("--samples <n>", "degraded images", wholeNumber(24, 1_000_000), 15_000)
    .option("--hold-out <n>", "leave every n-th photo out; 0 for none", wholeNumber(0, 100_000), 40)
    .option("--held-out", "use only the photos that are left out otherwise")
    .option("--paper", "the paper's kernels alone, no other blur and no camera")
    .option("--seed <n>", "fixes the samples", wholeNumber(0, 0xffffffff), 0)
    .addHelpText("after", examples("metakernelgan spectral-samples --data photos --out samples"))
    .action(async (options: SpectralSamplesOptions) => {
      const { spectralSamples } = await import("./run.js");
      await spectralSamples(options);
    });
}
