import type { Command } from "commander";
import { examples } from "../../../shared/options/shared-options.js";
import { addSampleOptions, type SampleOptions } from "../shared/sample-options.js";

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
    .addHelpText("after", examples("metakernelgan train spectral-samples --data photos --out samples"))
    .action(async (options: SampleOptions) => {
      const { spectralSamples } = await import("./run.js");
      await spectralSamples(options);
    });
}
