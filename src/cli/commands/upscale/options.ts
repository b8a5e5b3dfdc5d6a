import { type Command, Option } from "commander";
import { ALIGNMENTS } from "../../../kernel/align-kernel.js";
import { IMAGE_FORMATS } from "../../../node/image-io/image-format.js";
import { wholeNumber } from "../../shared/options/option-values.js";
import {
  adapterOption,
  addUpscalerOptions,
  automaticSigmaOption,
  examples,
  initOption,
  methodOption,
  seedOption,
  spectralWeightsOption,
  stepsOption,
} from "../../shared/options/shared-options.js";
import type { UpscaleCommandOptions } from "./run.js";

/** Adds `metakernelgan upscale`. */
export function addUpscale(program: Command, version: string): void {
  const command = program
    .command("upscale")
    .summary("make photos larger and sharper")
    .description(
      "Estimates the blur kernel of a photo and makes a larger, sharper picture with it; likewise for every image in a " +
        "folder. Keeps transparency, 16 bits, color profile, EXIF and XMP.",
    )
    .argument("<images...>", "image files, or folders of images")
    .requiredOption("--out <path>", "file to write; a folder for several images")
    .addOption(
      new Option("--scale <factor>", "factor by which to enlarge; 1 only sharpens")
        .choices(["1", "2", "3", "4"])
        .default("2"),
    )
    .addOption(methodOption().conflicts("kernel"))
    .addOption(stepsOption().conflicts("kernel"))
    .addOption(seedOption().conflicts("kernel"))
    .addOption(initOption().conflicts("kernel"))
    .addOption(spectralWeightsOption())
    .option(
      "--kernel <file>",
      "use the blur kernel in this .npy, .mat or .json file instead of estimating it",
    )
    .addOption(
      new Option(
        "--orientation <kind>",
        "whether the file of --kernel holds a correlation or a convolution kernel, if it does not say so itself " +
          "(default: correlation)",
      ).choices(["correlation", "convolution"]),
    );
  addUpscalerOptions(command, true)
    .addOption(
      new Option(
        "--precision <type>",
        "number format of USRNet; f16 takes a third less memory, if the GPU has it",
      )
        .choices(["f32", "f16"])
        .default("f32"),
    )
    .addOption(automaticSigmaOption())
    .addOption(
      new Option(
        "--boundary <kind>",
        "what lies beyond the border. natural: the image goes on; circular: it wraps around",
      )
        .choices(["natural", "circular"])
        .default("natural"),
    )
    .addOption(
      new Option(
        "--align <place>",
        "place of the result. photo: exactly over a plain enlargement; paper: on the benchmarks' grid, scale − 1 pixels up and left",
      )
        .choices(ALIGNMENTS)
        .default("photo"),
    )
    .addOption(
      new Option(
        "--tile <n>",
        "largest side of a tile, in pixels of the result; smaller tiles need less memory",
      ).argParser(wholeNumber(1, 65536)),
    )
    .addOption(
      new Option("--format <kind>", "format of the files in a folder (default: png)").choices(
        Object.keys(IMAGE_FORMATS),
      ),
    )
    .option(
      "--compare <path>",
      "also write before and after side by side: a file, or a folder for several images",
    )
    .option("--sheet <file>", "also write a .png contact sheet of all images: before, after and kernel")
    .option("--json", "print one JSON object")
    .addOption(adapterOption())
    .addHelpText(
      "after",
      examples(
        "metakernelgan upscale photo.jpg --out sharp.png",
        "metakernelgan upscale photo.jpg --out sharp.jpg --scale 4 --sigma 10 --compare compare.png",
        "metakernelgan upscale photos --out sharp --model fast --sheet sheet.png",
        "metakernelgan upscale photo.png --out sharp.png --kernel kernel.mat --orientation convolution",
        "metakernelgan upscale photo.png --out sharp.png --init init.safetensors --upscaler-weights usrnet.safetensors",
      ),
    )
    .action(async (images: string[], options: UpscaleCommandOptions) => {
      const { upscale } = await import("./run.js");
      await upscale(images, options, version);
    });
}
