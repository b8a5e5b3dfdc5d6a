import { existsSync } from "node:fs";
import { Command } from "commander";
import { addCompare } from "./commands/compare/options.js";
import { addDegrade } from "./commands/degrade/options.js";
import { addDevices } from "./commands/devices/options.js";
import { addDoctor } from "./commands/doctor/options.js";
import { addEstimate } from "./commands/estimate/options.js";
import { addEvaluate } from "./commands/evaluate/options.js";
import { addImport } from "./commands/import/options.js";
import { addTrain } from "./commands/train/options.js";
import { addUpscale } from "./commands/upscale/options.js";
import { examples } from "./shared/options/shared-options.js";
import { printLine } from "./shared/terminal/report.js";

/**
 * Names every command and option; has no side effects. The code of a command is loaded only when it runs, so that help
 * comes at once.
 * @param args what the user gave, to tell files that look like options.
 */
export function createProgram(version: string, args: readonly string[] = []): Command {
  const program = new Command("metakernelgan")
    .description(
      "Estimates the blur kernel of a photo, and makes the photo larger and sharper with it, on WebGPU.",
    )
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .exitOverride()
    .configureOutput({ outputError: (text) => printLine(usageLine(text, args)) })
    .addHelpText(
      "after",
      examples(
        "metakernelgan upscale photo.jpg --out sharp.png",
        "metakernelgan estimate photo.jpg --out kernel.png",
        "metakernelgan devices",
        "metakernelgan estimate --help",
      ),
    );
  addUpscale(program, version);
  addEstimate(program, version);
  addDegrade(program);
  addEvaluate(program, version);
  addCompare(program, version);
  addImport(program);
  addDevices(program, version);
  addDoctor(program, version);
  addTrain(program, version);
  // After the commands, which would inherit it.
  return program.allowExcessArguments().action((_options, command: Command) => {
    const [name] = command.args;
    const problem = name === undefined ? "a command is missing" : `unknown command '${name}'`;
    const names = program.commands.map((each) => each.name());
    command.error(`error: ${problem}; the commands are ${names.join(", ")}`);
  });
}

/** Commander's message as a sentence with a hint where to look. */
function usageLine(text: string, args: readonly string[]): string {
  const message = text.replace(/^error: /, "").trim();
  const sentence = message.charAt(0).toUpperCase() + message.slice(1);
  const hint = message.startsWith("unknown option") ? dashHint(args) : "";
  return `${sentence}${/[.)?]$/.test(sentence) ? "" : "."} ${hint}See metakernelgan --help.`;
}

/** What to do where an argument that begins with a dash is a file. */
function dashHint(args: readonly string[]): string {
  const file = args.find((arg) => /^-./.test(arg) && existsSync(arg));
  return file === undefined ? "" : `If the file ${file} is meant, give ./${file}. `;
}
