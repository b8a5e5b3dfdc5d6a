import type { Command } from "commander";
import { UPSCALER_DEFAULTS as DEFAULTS } from "../../../../train/upscaler/upscaler-training-options.js";
import { collect, learningRate, wholeNumber } from "../../../shared/options/option-values.js";
import { adapterOption, examples } from "../../../shared/options/shared-options.js";
import type { TrainUpscalerOptions } from "./run.js";

/** Adam's schedule of more steps would fill the GPU's memory. */
const MAX_STEPS = 1_000_000;

/** Names the options of `metakernelgan train-upscaler`. */
export function addTrainUpscaler(program: Command, version: string): void {
  program
    .command("train-upscaler")
    .summary("train the upscaler's network on your own images")
    .description(
      "Trains a small USRNet on folders of sharp images, with random blurs, noise and scale, and writes its weights, a log " +
        "and checkpoints into a run folder. A run that was stopped or killed goes on with --resume, as if nothing had been.",
    )
    .requiredOption("--data <folder>", "folder of images of at least 192×192 pixels; repeatable", collect)
    .requiredOption("--out <folder>", "run folder")
    .option("--resume", "go on with the run in the run folder, with its options")
    .option("--steps <n>", `all steps (default: ${DEFAULTS.steps})`, wholeNumber(1, MAX_STEPS))
    .option("--seed <n>", `fixes start and tasks (default: ${DEFAULTS.seed})`, wholeNumber(0, 0xffffffff))
    .option("--rate <r>", `rate of Adam at the start (default: ${DEFAULTS.rate})`, learningRate)
    .option("--batch <n>", `patches of a step (default: ${DEFAULTS.batch})`, wholeNumber(1, 64))
    .option(
      "--size <n>",
      `side of a sharp patch, a multiple of 32 (default: ${DEFAULTS.size})`,
      wholeNumber(32, 512),
    )
    .option("--checkpoint-every <n>", "in steps", wholeNumber(1, MAX_STEPS), 100)
    .addOption(adapterOption())
    .addHelpText(
      "after",
      examples(
        "metakernelgan train-upscaler --data photos --out run",
        "metakernelgan train-upscaler --data photos --out run --resume",
        "metakernelgan upscale photo.jpg --out sharp.png --weights run/upscaler.safetensors",
      ),
    )
    .action(async (options: TrainUpscalerOptions) => {
      const { trainUpscaler } = await import("./run.js");
      await trainUpscaler(options, version);
    });
}
