import { type Command, Option } from "commander";
import { IMAGE_FORMATS } from "../../../node/image-io/image-format.js";
import { STEPS } from "../../shared/methods/estimation-methods.js";
import { wholeNumber } from "../../shared/options/option-values.js";
import {
  adapterOption,
  automaticSigmaOption,
  examples,
  MAX_STEPS,
  methodOption,
  modelOption,
} from "../../shared/options/shared-options.js";
import type { UpscaleCommandOptions } from "./run.js";

/** Adds `metakernelgan upscale`. */
export function addUpscale(program: Command, version: string): void {
  program
    .command("upscale")
    .summary("make images larger and sharper")
    .description(
      "Makes a larger and sharper picture of an image, or of every image of a folder: estimates the blur, and upscales " +
        "by it. Transparency, 16 bits, color profile, EXIF and XMP are kept.",
    )
    .argument("<images...>", "image files, or folders of them")
    .requiredOption("--out <path>", "file to write; for several images, a folder")
    .addOption(
      new Option("--scale <factor>", "by how much to enlarge; 1 and 3 only with --kernel")
        .choices(["1", "2", "3", "4"])
        .default("2"),
    )
    .addOption(modelOption())
    .option("--weights <file>", "USRNet's weights, .safetensors (default: the package's own)")
    .addOption(
      new Option("--precision <type>", "how USRNet is stored: f16 halves its memory, where the device has it")
        .choices(["f32", "f16"])
        .default("f32"),
    )
    .addOption(automaticSigmaOption())
    .option("--kernel <file>", "blur kernel, .npy, .mat or .json, instead of an estimate")
    .addOption(
      new Option(
        "--orientation <kind>",
        "for what the file has the kernel if it does not say so (default: correlation)",
      ).choices(["correlation", "convolution"]),
    )
    .addOption(methodOption().conflicts("kernel"))
    .addOption(
      new Option(
        "--steps <n>",
        `steps of an estimate (default: ${STEPS.meta}; for kernelgan ${STEPS.kernelgan})`,
      )
        .argParser(wholeNumber(0, MAX_STEPS))
        .conflicts("kernel"),
    )
    .addOption(
      new Option("--seed <n>", "fixes patches, noise and a random start of an estimate (default: 0)")
        .argParser(wholeNumber(0, 0xffffffff))
        .conflicts("kernel"),
    )
    .addOption(
      new Option(
        "--start <file>",
        "meta-learned start of an estimate, .safetensors (default: the package's own)",
      ).conflicts("kernel"),
    )
    .addOption(
      new Option("--format <kind>", "of the files in a folder (default: png)").choices(
        Object.keys(IMAGE_FORMATS),
      ),
    )
    .addOption(
      new Option("--boundary <kind>", "beyond the border is what a photo shows, or the image's other side")
        .choices(["natural", "circular"])
        .default("natural"),
    )
    .option("--compare <path>", "write before | after too, as a file; for several images, into a folder")
    .option("--sheet <file>", "write a contact sheet of all images too, .png: before | after | kernel")
    .option(
      "--tile <n>",
      "largest side of a tile in pixels of the result, to save memory",
      wholeNumber(1, 65536),
    )
    .option("--json", "print one JSON object")
    .addOption(adapterOption())
    .addHelpText(
      "after",
      examples(
        "metakernelgan upscale photo.jpg --out sharp.png",
        "metakernelgan upscale photo.jpg --out sharp.jpg --scale 4 --sigma 10 --compare compare.png",
        "metakernelgan upscale photos --out sharp --model fast --sheet sheet.png",
        "metakernelgan upscale photo.png --out sharp.png --kernel kernel.mat --orientation convolution",
        "metakernelgan upscale photo.png --out sharp.png --weights usrnet.safetensors --start start.safetensors",
      ),
    )
    .action(async (images: string[], options: UpscaleCommandOptions) => {
      const { upscale } = await import("./run.js");
      await upscale(images, options, version);
    });
}
