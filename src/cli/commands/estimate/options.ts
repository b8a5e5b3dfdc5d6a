import { type Command, Option } from "commander";
import { collect, wholeNumbers } from "../../shared/options/option-values.js";
import {
  adapterOption,
  examples,
  initOption,
  methodOption,
  scaleOption,
  seedOption,
  spectralWeightsOption,
  stepsOption,
} from "../../shared/options/shared-options.js";
import type { EstimateCommandOptions } from "./run.js";

/** Adds `metakernelgan estimate`. */
export function addEstimate(program: Command, version: string): void {
  program
    .command("estimate")
    .summary("estimate the blur kernel of a photo")
    .description(
      "Estimates the blur kernel of a photo and prints or writes it. Reads PNG, JPEG, WebP, TIFF, AVIF and GIF files of " +
        "at least 32×32 pixels; 16×16 are enough for an adaptation.",
    )
    .argument("<image>", "image file")
    .addOption(scaleOption("downscaling factor of the kernel"))
    .addOption(methodOption())
    .addOption(stepsOption())
    .addOption(seedOption())
    .addOption(initOption())
    .addOption(spectralWeightsOption())
    .option("--out <file>", "write the kernel as .npy, .mat, .json or .png; repeatable", collect)
    .addOption(
      new Option("--orientation <kind>", "whether to write a kernel for correlation or for convolution")
        .choices(["correlation", "convolution"])
        .default("correlation"),
    )
    .option("--convolution", "short for --orientation convolution")
    .option("--json", "print one JSON object, with kernels for correlation")
    .option(
      "--snapshots <steps>",
      "steps after which --json lists the kernel, such as 1,2,5 (default: the last one)",
      wholeNumbers,
    )
    .option(
      "--patches <file>",
      "JSON file with the patch of each step: [[top, left], …], or the output of --json",
    )
    .addOption(
      new Option("--noise <state>", "noise on the discriminator's inputs (default: on)").choices([
        "on",
        "off",
      ]),
    )
    .addOption(adapterOption())
    .addHelpText(
      "after",
      examples(
        "metakernelgan estimate photo.jpg",
        "metakernelgan estimate photo.jpg --out kernel.npy --out kernel.png",
        "metakernelgan estimate photo.jpg --method meta",
        "metakernelgan estimate photo.png --scale 4 --convolution --out kernel.mat",
        "metakernelgan estimate photo.png --init init.safetensors --json --snapshots 0,25,200 > run.json",
        "metakernelgan estimate photo.png --init init.safetensors --json --patches run.json",
      ),
    )
    .action(async (image: string, options: EstimateCommandOptions) => {
      const { estimate } = await import("./run.js");
      await estimate(image, options, version);
    });
}
