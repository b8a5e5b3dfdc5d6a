import { type Command, InvalidArgumentError, Option } from "commander";
import { COMPARED, type Compared } from "../../../benchmark/compared.js";
import { BENCHMARK_SETTINGS } from "../../../kernel/degradation/benchmark.js";
import { collect, namesOf, wholeNumber } from "../../shared/options/option-values.js";
import {
  adapterOption,
  addUpscalerOptions,
  automaticSigmaOption,
  benchmarkAlignOption,
  examples,
  MAX_SEED,
} from "../../shared/options/shared-options.js";
import type { CompareCommandOptions, ComparedSetting } from "./run.js";

const DEFAULT_SETTINGS = [...BENCHMARK_SETTINGS.map((setting) => `x2-${setting}`), "x4-clean"].join(",");
const DEFAULT_METHODS: readonly Compared[] = ["gaussian", "meta", "spectral", "true"];

/** Adds `metakernelgan compare`. */
export function addCompare(program: Command, version: string): void {
  const command = program
    .command("compare")
    .summary("compare methods on benchmarks")
    .description(
      "Estimates the kernels of benchmarks by several methods, upscales with each, and prints a table of how close kernels " +
        "and images are to the true ones. A benchmark is a folder with the true images in HR. Missing low-resolution " +
        "images are made as degrade makes them.",
    )
    .requiredOption("--data <folder>", "folder of a benchmark; repeatable", collect)
    .addOption(
      new Option("--settings <list>", "comma-separated scales and settings")
        .argParser(settings)
        .default(settings(DEFAULT_SETTINGS), DEFAULT_SETTINGS),
    )
    .addOption(
      new Option(
        "--methods <list>",
        `comma-separated, any of ${COMPARED.join(", ")}. gaussian: one round Gaussian for all images; true: the true kernels`,
      )
        .argParser(namesOf(COMPARED))
        .default(DEFAULT_METHODS, DEFAULT_METHODS.join(",")),
    );
  addUpscalerOptions(command)
    .addOption(automaticSigmaOption())
    .addOption(benchmarkAlignOption())
    .option("--seed <n>", "seed of the images that are made", wholeNumber(0, MAX_SEED), 0)
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
    throw new InvalidArgumentError(`Give a comma-separated list, such as ${DEFAULT_SETTINGS}.`);
  });
}
