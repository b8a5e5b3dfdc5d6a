import { type Command, Option } from "commander";
import { collect, wholeNumber } from "../../shared/options/option-values.js";
import { adapterOption, examples } from "../../shared/options/shared-options.js";
import type { UpscalerSamplesOptions } from "./run.js";

/** Names the options of `metakernelgan upscaler-samples`. */
export function addUpscalerSamples(program: Command): void {
  program
    .command("upscaler-samples")
    .summary("degrade photos as samples to train the upscaler's network on")
    .description(
      "Degrades parts of sharp photos at random, as cameras do and as the paper does, estimates their blur, and stores what the " +
        "upscaler's network sees of them. Files that are there already are kept, so that a run that was stopped goes on.",
    )
    .requiredOption("--data <folder>", "folder of images; repeatable", collect)
    .requiredOption("--out <folder>", "where the samples go, about 2 MB each")
    .addOption(new Option("--scale <factor>", "upscaling to learn").choices(["2", "4"]).default("2"))
    .option("--samples <n>", "degraded images", wholeNumber(24, 1_000_000), 1500)
    .option("--hold-out <n>", "leave every n-th photo out; 0 for none", wholeNumber(0, 100_000), 40)
    .option("--held-out", "use only the photos that are left out otherwise")
    .option("--seed <n>", "fixes the samples", wholeNumber(0, 0xffffffff), 0)
    .addOption(adapterOption())
    .addHelpText("after", examples("metakernelgan upscaler-samples --data photos --out samples"))
    .action(async (options: UpscalerSamplesOptions) => {
      const { upscalerSamples } = await import("./run.js");
      await upscalerSamples(options);
    });
}
