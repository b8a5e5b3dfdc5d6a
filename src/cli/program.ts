import { Command, Option } from "commander";
import { addCompare } from "./commands/compare/options.js";
import type { DegradeCommandOptions } from "./commands/degrade/run.js";
import type { DevicesOptions } from "./commands/devices/run.js";
import type { DoctorOptions } from "./commands/doctor/run.js";
import type { EstimateCommandOptions } from "./commands/estimate/run.js";
import type { EvaluateCommandOptions } from "./commands/evaluate/run.js";
import { addSpectralSamples } from "./commands/spectral-samples/options.js";
import { addTrain } from "./commands/train/options.js";
import { addUpscale } from "./commands/upscale/options.js";
import { addUpscalerSamples } from "./commands/upscaler-samples/options.js";
import { COMPARED_STEPS, STEPS } from "./shared/methods/estimation-methods.js";
import { collect, wholeNumber, wholeNumbers, wholeNumbersTo } from "./shared/options/option-values.js";
import {
  adapterOption,
  examples,
  MAX_STEPS,
  methodOption,
  modelOption,
  scaleOption,
  settingOption,
  sigmaOption,
} from "./shared/options/shared-options.js";
import { printLine } from "./shared/terminal/report.js";

declare const __VERSION__: string;

/** Seeds of later runs follow that of the first. */
const MAX_RUNS = 1000;

/** Names every command and option. What the commands do is loaded only when they run, so that help comes at once. */
export function createProgram(): Command {
  const program = new Command("metakernelgan")
    .description("Upscales photos by the blur kernel that MetaKernelGAN estimates of them, on WebGPU.")
    .version(__VERSION__, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .exitOverride()
    .configureOutput({ outputError: (text) => printLine(usageLine(text)) })
    .addHelpText(
      "after",
      examples(
        "metakernelgan upscale photo.jpg --out sharp.png",
        "metakernelgan estimate photo.jpg --out kernel.png",
        "metakernelgan devices",
        "metakernelgan estimate --help",
      ),
    );
  addUpscale(program, __VERSION__);
  addEstimate(program);
  addDegrade(program);
  addEvaluate(program);
  addCompare(program, __VERSION__);
  addImport(program);
  addDevices(program);
  addDoctor(program);
  addTrain(program, __VERSION__);
  addUpscalerSamples(program);
  addSpectralSamples(program);
  // After the commands, which would inherit it.
  return program.allowExcessArguments().action((_options, command: Command) => {
    const [name] = command.args;
    const what = name === undefined ? "a command is missing" : `unknown command '${name}'`;
    command.error(
      `error: ${what}; there are upscale, estimate, degrade, evaluate, compare, import, devices, doctor, train, upscaler-samples and spectral-samples`,
    );
  });
}

function addEstimate(program: Command): void {
  program
    .command("estimate")
    .summary("estimate the blur kernel of an image")
    .description(
      "Estimates the blur kernel of an image: PNG, JPEG, WebP, TIFF, AVIF or GIF, at least 16×16 pixels.",
    )
    .argument("<image>", "image file")
    .addOption(scaleOption("downscaling factor of the kernel"))
    .addOption(methodOption())
    .option(
      "--steps <n>",
      `steps of the adaptation (default: ${STEPS.meta}; for kernelgan ${STEPS.kernelgan})`,
      wholeNumber(0, MAX_STEPS),
    )
    .option("--seed <n>", "fixes patches, noise and a random start (default: 0)", wholeNumber(0, 0xffffffff))
    .option(
      "--weights <file>",
      "meta-learned start, or the spectral network, .safetensors (default: the package's own)",
    )
    .option("--out <file>", "write the kernel: .npy, .mat, .json or .png; repeatable", collect)
    .addOption(
      new Option("--orientation <kind>", "the operation for which the files hold the kernel")
        .choices(["correlation", "convolution"])
        .default("correlation"),
    )
    .option("--convolution", "the same as --orientation convolution")
    .option("--json", "print one JSON object, kernels in cross-correlation orientation")
    .option(
      "--record <steps>",
      "steps whose kernels the JSON holds, such as 1,2,5 (default: the last)",
      wholeNumbers,
    )
    .option("--patches <file>", "JSON of each step's patch, [[top, left], …], as --json prints it")
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
        "metakernelgan estimate photo.png --weights start.safetensors --json --record 0,25,200 > run.json",
        "metakernelgan estimate photo.png --weights start.safetensors --json --patches run.json",
      ),
    )
    .action(async (image: string, options: EstimateCommandOptions) => {
      const { estimate } = await import("./commands/estimate/run.js");
      await estimate(image, options, __VERSION__);
    });
}

function addDegrade(program: Command): void {
  program
    .command("degrade")
    .summary("make a benchmark's low-resolution images and kernels")
    .description(
      "Makes a low-resolution image of every PNG, JPEG and WebP image of a folder, each with a random kernel of its " +
        "own, as the paper's benchmarks have them. The same seed gives the same files.",
    )
    .requiredOption("--data <folder>", "high-resolution images")
    .requiredOption("--out <folder>", "where the folders of images and kernels are made")
    .addOption(scaleOption("downscaling factor"))
    .addOption(
      settingOption("what is added, to the kernel's values or to the image, or what kind of kernels"),
    )
    .option("--seed <n>", "fixes kernels and noise", wholeNumber(0, 0xffffffff), 0)
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
      const { degrade } = await import("./commands/degrade/run.js");
      await degrade(options);
    });
}

function addEvaluate(program: Command): void {
  program
    .command("evaluate")
    .summary("compare estimated kernels with a benchmark's")
    .description(
      "Estimates the kernel of every low-resolution image of a benchmark and compares it with the true one: kernel " +
        "PSNR and K-COV, for each image and on average. With --images it upscales too, and compares with the true " +
        "images: PSNR and SSIM of the brightness.",
    )
    .requiredOption("--data <folder>", "what degrade wrote, or another benchmark with such folders")
    .addOption(scaleOption("downscaling factor of the kernels"))
    .addOption(settingOption("which of the benchmark's folders are read"))
    .option("--lr <folder>", "low-resolution images, absolute or within --data, instead of the setting's")
    .option("--kernels <folder>", "true kernels, absolute or within --data, instead of the setting's")
    .addOption(
      new Option(
        "--steps <list>",
        `after how many steps to compare (default: ${COMPARED_STEPS.meta}; for kernelgan ${COMPARED_STEPS.kernelgan})`,
      ).argParser(wholeNumbersTo(MAX_STEPS)),
    )
    .addOption(methodOption("meta"))
    .option(
      "--runs <n>",
      "estimates of each image, each with the next seed; 0 with --images: only what needs none",
      wholeNumber(0, MAX_RUNS),
      5,
    )
    .option("--seed <n>", "seed of the first run", wholeNumber(0, 0xffffffff - MAX_RUNS), 0)
    .option("--weights <file>", "meta-learned start, .safetensors (default: the package's own)")
    .option(
      "--images [steps]",
      "upscale too, with the kernels after these steps (default: the last), the true ones, and bicubically",
      wholeNumbersTo(MAX_STEPS),
    )
    .option("--hr <folder>", "true images, absolute or within --data (default: HR)")
    .addOption(modelOption())
    .option("--model-weights <file>", "USRNet's weights, .safetensors (default: the package's own)")
    .addOption(sigmaOption())
    .addOption(adapterOption())
    .addOption(new Option("--json", "print one JSON object").conflicts("markdown"))
    .option("--markdown", "print Markdown tables, as without --json")
    .addHelpText(
      "after",
      examples(
        "metakernelgan evaluate --data Set14 --weights start.safetensors",
        "metakernelgan evaluate --data Set14 --scale 4 --runs 1 --steps 0,25,200 --json > x4.json",
        "metakernelgan evaluate --data Set14 --method kernelgan --runs 1",
        "metakernelgan evaluate --data Set14 --runs 1 --images --model-weights usrnet.safetensors",
        "metakernelgan evaluate --data Set14 --runs 0 --images --model fast",
        "metakernelgan evaluate --data . --lr photos --kernels kernels",
      ),
    )
    .action(async (options: EvaluateCommandOptions) => {
      const { evaluate } = await import("./commands/evaluate/run.js");
      await evaluate(options, __VERSION__);
    });
}

function addImport(program: Command): void {
  program
    .command("import")
    .summary("turn the authors' checkpoint into a weights file")
    .description(
      "Turns a checkpoint of the authors, MetaKernelGAN's latest.pt or USRNet-tiny's usrnet_tiny.pth, into a weights " +
        "file. Nothing in a checkpoint is run.",
    )
    .argument("<checkpoint>", "file to read")
    .argument("<out>", "file to write, .safetensors")
    .addHelpText(
      "after",
      examples(
        "metakernelgan import latest.pt start.safetensors",
        "metakernelgan import usrnet_tiny.pth usrnet.safetensors",
      ),
    )
    .action(async (checkpoint: string, out: string) => {
      const { importWeights } = await import("./commands/import/run.js");
      await importWeights(checkpoint, out);
    });
}

function addDevices(program: Command): void {
  program
    .command("devices")
    .summary("list the adapters and the browser of this machine")
    .description("Lists the WebGPU adapters of this machine, which of them is used, and the browser found.")
    .option("--json", "print one JSON object")
    .addHelpText("after", examples("metakernelgan devices", "metakernelgan devices --json"))
    .action(async (options: DevicesOptions) => {
      const { devices } = await import("./commands/devices/run.js");
      await devices(options, __VERSION__);
    });
}

function addDoctor(program: Command): void {
  program
    .command("doctor")
    .summary("check that an adapter computes correctly")
    .description("Runs a small adaptation and compares kernels and losses with stored float64 numbers.")
    .option("--json", "print one JSON object")
    .addOption(adapterOption())
    .addHelpText(
      "after",
      examples("metakernelgan doctor", "metakernelgan doctor --adapter swiftshader --json"),
    )
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import("./commands/doctor/run.js");
      await doctor(options, __VERSION__);
    });
}

/** Commander's message as a sentence with a hint where to look. */
function usageLine(text: string): string {
  const message = text.replace(/^error: /, "").trim();
  const sentence = message.charAt(0).toUpperCase() + message.slice(1);
  return `${sentence}${/[.)?]$/.test(sentence) ? "" : "."} See metakernelgan --help.`;
}
