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
      "Estimates the blur kernel of a photo and makes a larger, sharper picture with it. Folders are processed image by " +
        "image. Keeps transparency, grayscale, 16-bit depth, color profile, EXIF and XMP where the format allows.",
    )
    .argument("<images...>", "image files, or folders of images; - for standard input")
    .requiredOption("--out <path>", "file to write; a folder for several images; - for standard output")
    .option("-r, --recursive", "include the images of sub-folders")
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
        "orientation of the kernel in the file of --kernel, where the file does not state it (default: correlation)",
      ).choices(["correlation", "convolution"]),
    );
  addUpscalerOptions(command)
    .addOption(
      new Option(
        "--precision <type>",
        "number format in GPU memory. f16: only for USRNet, where the GPU has it; a third less memory",
      )
        .choices(["f32", "f16"])
        .default("f32"),
    )
    .addOption(automaticSigmaOption())
    .addOption(
      new Option(
        "--boundary <kind>",
        "what lies beyond the border. natural: the scene continues; circular: the image wraps around",
      )
        .choices(["natural", "circular"])
        .default("natural"),
    )
    .addOption(
      new Option(
        "--align <place>",
        "position of the result. photo: exactly over a plain enlargement; paper: on the benchmarks' grid, scale − 1 pixels up and to the left",
      )
        .choices(ALIGNMENTS)
        .default("photo"),
    )
    .addOption(
      new Option(
        "--tile <n>",
        "largest side of a tile, in pixels of the result, at least 128 times the scale; smaller tiles need less memory",
      ).argParser(wholeNumber(1, 65536)),
    )
    .addOption(
      new Option("--format <kind>", "format of pictures written to a folder (default: png)").choices(
        Object.keys(IMAGE_FORMATS),
      ),
    )
    .option(
      "--compare <path>",
      "also write before and after side by side: a file; a folder for several images",
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
