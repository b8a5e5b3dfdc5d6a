import { type Command, Option } from "commander";
import { LEARNED_PHOTOS, MIN_PATCH, PHOTOS_DEFAULTS } from "../../../../train/guided/photos-settings.js";
import { collect, countsTo, wholeNumber } from "../../../shared/options/option-values.js";
import { adapterOption, examples } from "../../../shared/options/shared-options.js";
import { addCommonOptions, byDefault } from "../shared/common-options.js";
import type { TrainPhotosOptions } from "./run.js";

/** Of channels and of blocks: far above those of any network for photos. */
const MAX_SIZE = 512;

/** Adds `metakernelgan train photos`. */
export function addTrainPhotos(train: Command, version: string): void {
  const { scale, channels, blocks, patch, latePatch, warmUp, validateEvery } = PHOTOS_DEFAULTS;
  const command = train
    .command("photos")
    .summary("train the network for photos (small)")
    .description(
      "Trains the network for photos on samples that train upscaler-samples has made. The run folder holds checkpoints, a " +
        "log and curves, and best.safetensors, the network to use: a running average of the weights. A run that was stopped " +
        "or killed continues with --resume, with bit-identical results.",
    );
  addCommonOptions(command, PHOTOS_DEFAULTS, {
    data: "folder of samples",
    samples: "patches per step",
    rate: "highest learning rate of Muon and Adam, which falls like half a cosine",
  })
    .option("--held-out <folder>", "folder of samples for validation; repeatable", collect)
    .option(
      "--validate-every <n>",
      `steps between validations; 0: no validation ${byDefault(validateEvery)}`,
      wholeNumber(0, 1_000_000),
    )
    .option(
      "--upscaler-weights <file>",
      "begin with these weights of a network for photos, which may have fewer blocks, .safetensors (default: untrained weights)",
    )
    .addOption(
      new Option("--scale <factor>", `upscaling of the samples ${byDefault(scale)}`).choices(["2", "4"]),
    )
    .addOption(
      new Option(
        "--photos <kind>",
        `photos to learn from. camera: photos taken by a camera, as the samples say; other: the rest ${byDefault(PHOTOS_DEFAULTS.photos)}`,
      ).choices(LEARNED_PHOTOS),
    )
    .option("--channels <n>", `channels of the network ${byDefault(channels)}`, wholeNumber(1, MAX_SIZE))
    .option("--blocks <list>", `residual blocks of each stage ${byDefault(blocks)}`, countsTo(MAX_SIZE))
    .option(
      "--patch <n>",
      `side in pixels of the small image's patches ${byDefault(patch)}`,
      wholeNumber(MIN_PATCH, MAX_SIZE),
    )
    .option(
      "--late-patch <n>",
      `the same for the last fifth of the steps ${byDefault(latePatch)}`,
      wholeNumber(MIN_PATCH, MAX_SIZE),
    )
    .option(
      "--warm-up <n>",
      `steps during which the learning rate rises ${byDefault(warmUp)}`,
      wholeNumber(1, 1_000_000),
    )
    .addOption(adapterOption())
    .addHelpText(
      "after",
      examples(
        "metakernelgan train photos --data samples --held-out samples-held-out --out run",
        "metakernelgan train photos --out run --resume",
        "metakernelgan upscale photo.jpg --out sharp.png --upscaler-weights run/best.safetensors",
      ),
    )
    .action(async (options: TrainPhotosOptions) => {
      const { trainPhotos } = await import("./run.js");
      await trainPhotos(options, version);
    });
}
