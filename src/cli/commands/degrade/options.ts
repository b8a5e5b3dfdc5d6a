import type { Command } from "commander";
import { wholeNumber } from "../../shared/options/option-values.js";
import { examples, MAX_SEED, scaleOption, settingOption } from "../../shared/options/shared-options.js";
import type { DegradeCommandOptions } from "./run.js";

/** Adds `metakernelgan degrade`. */
export function addDegrade(program: Command): void {
  program
    .command("degrade")
    .summary("make a benchmark's low-resolution images and kernels")
    .description(
      "Makes a low-resolution image from every PNG, JPEG and WebP image of a folder. Blurs each image with its own random " +
        "kernel, as in the paper's benchmarks. The same seed gives the same files.",
    )
    .requiredOption("--data <folder>", "high-resolution images")
    .requiredOption("--out <folder>", "where the folders for images and kernels are created")
    .addOption(scaleOption("downscaling factor"))
    .addOption(settingOption("kind of blur, noise and compression"))
    .option("--seed <n>", "seed of kernels and noise", wholeNumber(0, MAX_SEED), 0)
    .option("--force", "replace folders that are not empty")
    .addHelpText(
      "after",
      examples(
        "metakernelgan degrade --data Set14/HR --out Set14",
        "metakernelgan degrade --data Set14/HR --out Set14 --scale 4 --seed 1",
        "metakernelgan degrade --data Set14/HR --out Set14 --setting image-noise --force",
      ),
    )
    .action(async (options: DegradeCommandOptions) => {
      const { degrade } = await import("./run.js");
      await degrade(options);
    });
}
