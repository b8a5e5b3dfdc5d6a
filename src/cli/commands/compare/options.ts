import { type Command, InvalidArgumentError, Option } from "commander";
import { BENCHMARK_SETTINGS } from "../../../kernel/degradation/benchmark.js";
import { collect, wholeNumber } from "../../shared/options/option-values.js";
import {
  adapterOption,
  automaticSigmaOption,
  examples,
  modelOption,
} from "../../shared/options/shared-options.js";
import { COMPARED, type Compared } from "./methods.js";
import type { CompareCommandOptions, ComparedSetting } from "./run.js";

const DEFAULT_SETTINGS = [...BENCHMARK_SETTINGS.map((setting) => `x2-${setting}`), "x4-clean"].join(",");

/** Names the options of `metakernelgan compare`. */
export function addCompare(program: Command, version: string): void {
  program
    .command("compare")
    .summary("compare the methods of estimating on benchmarks")
    .description(
      "Estimates the kernels of benchmarks' images by several methods, upscales by them, and prints a table of how near kernels and " +
        "images are to the true ones. A benchmark is a folder with true images in HR; low-resolution images that are not there, as " +
        "degrade writes them, are made on the way.",
    )
    .requiredOption("--data <folder>", "folder of a benchmark; repeatable", collect)
    .addOption(
      new Option("--settings <list>", "scales and settings, with commas between them")
        .argParser(settings)
        .default(settings(DEFAULT_SETTINGS), DEFAULT_SETTINGS),
    )
    .addOption(
      new Option("--methods <list>", `of ${COMPARED.join(", ")}, with commas between them`)
        .argParser(methods)
        .default(COMPARED, "all"),
    )
    .addOption(modelOption())
    .option("--model-weights <file>", "USRNet's weights, .safetensors (default: the package's own)")
    .addOption(automaticSigmaOption())
    .option("--seed <n>", "of images that are made", wholeNumber(0, 0xffffffff), 0)
    .option("--out <file>", "write the table to a Markdown file")
    .option("--json", "print one JSON object, with the scores of each image")
    .addOption(adapterOption())
    .addHelpText(
      "after",
      examples(
        "metakernelgan compare --data Set14 --data Kodak24 --out table.md",
        "metakernelgan compare --data Set14 --settings x2-clean,x4-clean --methods spectral,true",
      ),
    )
    .action(async (options: CompareCommandOptions) => {
      const { compare } = await import("./run.js");
      await compare(options, version);
    });
}

function settings(text: string): ComparedSetting[] {
  return text.split(",").map((part) => {
    const [, scale, name] = /^x([24])-(.+)$/.exec(part) ?? [];
    const setting = BENCHMARK_SETTINGS.find((each) => each === name);
    if (setting) return { scale: scale === "4" ? 4 : 2, setting };
    throw new InvalidArgumentError(`It is a list of such as ${DEFAULT_SETTINGS}.`);
  });
}

function methods(text: string): Compared[] {
  return text.split(",").map((part) => {
    const method = COMPARED.find((each) => each === part);
    if (method) return method;
    throw new InvalidArgumentError(`It is a list of some of ${COMPARED.join(",")}.`);
  });
}
