import { type Command, Option } from "commander";
import { METHODS } from "../../../estimate/methods/methods.js";
import { wholeNumber, wholeNumbersTo } from "../../shared/options/option-values.js";
import {
  adapterOption,
  addUpscalerOptions,
  benchmarkAlignOption,
  examples,
  initOption,
  MAX_SEED,
  MAX_STEPS,
  methodOption,
  scaleOption,
  settingOption,
  sigmaOption,
  spectralWeightsOption,
} from "../../shared/options/shared-options.js";
import type { EvaluateCommandOptions } from "./run.js";

/** Each run has a seed of its own, so the seeds must not end before the runs. */
const MAX_RUNS = 1000;

/** Adds `metakernelgan evaluate`. */
export function addEvaluate(program: Command, version: string): void {
  const { meta, kernelgan } = METHODS;
  const command = program
    .command("evaluate")
    .summary("score a method on a benchmark")
    .description(
      "Estimates the kernel of every low-resolution image of a benchmark and compares it with the true one: kernel PSNR " +
        "and K-COV, for each image and on average. --images also upscales, and compares with the true images: PSNR and " +
        "SSIM of the luma. The defaults are the paper's protocol.",
    )
    .requiredOption("--data <folder>", "folder of a benchmark, such as one that degrade wrote")
    .addOption(scaleOption("downscaling factor of the kernels"))
    .addOption(settingOption("which of the benchmark's folders to read"))
    .addOption(benchmarkAlignOption())
    .option("--lr <folder>", "low-resolution images, in --data or absolute (default: the setting's folder)")
    .option("--kernels <folder>", "true kernels, in --data or absolute (default: the setting's folder)")
    .addOption(methodOption("meta"))
    .addOption(
      new Option(
        "--steps <steps>",
        `steps after which to compare; not for spectral (default: ${meta.comparedSteps}; kernelgan: ${kernelgan.comparedSteps})`,
      ).argParser(wholeNumbersTo(MAX_STEPS)),
    )
    .addOption(initOption())
    .addOption(spectralWeightsOption())
    .option(
      "--runs <n>",
      "estimates of each image, each with the next seed; 0, with --images: score images without estimating",
      wholeNumber(0, MAX_RUNS),
      5,
    )
    .option("--seed <n>", "seed of the first run", wholeNumber(0, MAX_SEED - MAX_RUNS), 0)
    .option(
      "--images [steps]",
      "also score images upscaled bicubically, with the true kernel, and with the kernels after these steps (default: the last)",
      wholeNumbersTo(MAX_STEPS),
    )
    .option("--hr <folder>", "true images, in --data or absolute (default: HR)");
  addUpscalerOptions(command)
    .addOption(sigmaOption())
    .addOption(adapterOption())
    .option("--json", "print one JSON object instead of Markdown tables")
    .addHelpText(
      "after",
      examples(
        "metakernelgan evaluate --data Set14 --init init.safetensors",
        "metakernelgan evaluate --data Set14 --scale 4 --runs 1 --steps 0,25,200 --json > x4.json",
        "metakernelgan evaluate --data Set14 --method kernelgan --runs 1",
        "metakernelgan evaluate --data Set14 --runs 1 --images --upscaler-weights usrnet.safetensors",
        "metakernelgan evaluate --data Set14 --runs 0 --images --model fast",
        "metakernelgan evaluate --data . --lr photos --kernels kernels",
        "metakernelgan evaluate --data DIV2KRK --lr lr_x2 --kernels gt_k_x2 --hr gt --align photo --images",
      ),
    )
    .action(async (options: EvaluateCommandOptions) => {
      const { evaluate } = await import("./run.js");
      await evaluate(options, version);
    });
}
