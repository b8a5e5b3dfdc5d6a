import { type Command, Option } from "commander";
import { adapterOption, examples } from "../../../shared/options/shared-options.js";
import { addSampleOptions } from "../shared/sample-options.js";
import type { UpscalerSamplesOptions } from "./run.js";

/** Adds `metakernelgan train upscaler-samples`. */
export function addUpscalerSamples(train: Command): void {
  const command = train
    .command("upscaler-samples")
    .summary("make samples to train the network for photos (small)")
    .description(
      "Degrades random parts of sharp photos, as cameras do and as the paper does, estimates their blur, and stores the " +
        "network's inputs. Existing files are kept, so a stopped call can be continued.",
    )
    .addOption(new Option("--scale <factor>", "upscaling to learn").choices(["2", "4"]).default("2"));
  addSampleOptions(command, { megabytes: 2, samples: 1500 })
    .addOption(adapterOption())
    .addHelpText("after", examples("metakernelgan train upscaler-samples --data photos --out samples"))
    .action(async (options: UpscalerSamplesOptions) => {
      const { upscalerSamples } = await import("./run.js");
      await upscalerSamples(options);
    });
}
