import { Command, Option } from "commander";
import type { AdapterChoice } from "../node/adapters.js";
import type { DevicesOptions } from "./devices.js";
import type { DoctorOptions } from "./doctor.js";
import type { EstimateCommandOptions } from "./estimate.js";
import { collect, wholeNumber, wholeNumbers } from "./option-values.js";
import { printLine } from "./report.js";

declare const __VERSION__: string;

const ADAPTERS: AdapterChoice[] = ["gpu", "lavapipe", "swiftshader"];

/** More would fill the GPU's memory with the record of the kernels; KernelGAN takes 3000. */
const MOST_STEPS = 100_000;

/** Names every command and option. What the commands do is loaded only when they run, so that help comes at once. */
export function createProgram(): Command {
  const program = new Command("metakernelgan")
    .description("Estimates the blur kernel of a photo with MetaKernelGAN, on WebGPU.")
    .version(__VERSION__, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .exitOverride()
    .configureOutput({ outputError: (text) => printLine(usageLine(text)) })
    .addHelpText(
      "after",
      examples(
        "metakernelgan estimate photo.jpg --out kernel.png",
        "metakernelgan devices",
        "metakernelgan estimate --help",
      ),
    );
  addEstimate(program);
  addImport(program);
  addDevices(program);
  addDoctor(program);
  // After the commands, which would inherit it.
  return program.allowExcessArguments().action((_options, command: Command) => {
    const [name] = command.args;
    const what = name === undefined ? "a command is missing" : `unknown command '${name}'`;
    command.error(`error: ${what}; there are estimate, import, devices and doctor`);
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
    .addOption(
      new Option("--scale <factor>", "downscaling factor of the kernel").choices(["2", "4"]).default("2"),
    )
    .option("--steps <n>", "steps of the adaptation", wholeNumber(0, MOST_STEPS), 200)
    .option("--seed <n>", "fixes patches, noise and a random start", wholeNumber(0, 0xffffffff), 0)
    .option("--weights <file>", "meta-learned start, .safetensors (default: the package's own)")
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
      new Option("--noise <state>", "noise on the discriminator's inputs")
        .choices(["on", "off"])
        .default("on"),
    )
    .addOption(adapterOption())
    .addHelpText(
      "after",
      examples(
        "metakernelgan estimate photo.jpg",
        "metakernelgan estimate photo.jpg --out kernel.npy --out kernel.png",
        "metakernelgan estimate photo.png --scale 4 --convolution --out kernel.mat",
        "metakernelgan estimate photo.png --weights start.safetensors --json --record 0,25,200 > run.json",
        "metakernelgan estimate photo.png --weights start.safetensors --json --patches run.json",
      ),
    )
    .action(async (image: string, options: EstimateCommandOptions) => {
      const { estimate } = await import("./estimate.js");
      await estimate(image, options, __VERSION__);
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
      const { importWeights } = await import("./import.js");
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
      const { devices } = await import("./devices.js");
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
      const { doctor } = await import("./doctor.js");
      await doctor(options, __VERSION__);
    });
}

function adapterOption(): Option {
  return new Option("--adapter <kind>", "default: $METAKERNELGAN_ADAPTER, else the best there is").choices(
    ADAPTERS,
  );
}

function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`;
}

/** Commander's message as a sentence with a hint where to look. */
function usageLine(text: string): string {
  const message = text.replace(/^error: /, "").trim();
  const sentence = message.charAt(0).toUpperCase() + message.slice(1);
  return `${sentence}${/[.)?]$/.test(sentence) ? "" : "."} See metakernelgan --help.`;
}
