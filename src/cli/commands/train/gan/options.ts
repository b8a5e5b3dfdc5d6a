import { type Command, Option } from "commander";
import { collect, learningRate, wholeNumber, wholeNumbers } from "../../../shared/options/option-values.js";
import { adapterOption, examples, MAX_STEPS } from "../../../shared/options/shared-options.js";
import { BLUR_DEFAULTS, TRAIN_DEFAULTS, type TrainCommandOptions } from "./settings.js";

/** More would fill the GPU's memory with Adam's schedule; the paper takes 100,000. */
const MAX_OUTER_STEPS = 1_000_000;

/** Adds `metakernelgan train`. */
export function addTrain(program: Command, version: string): void {
  const byDefault = (value: number | string): string => `(default: ${value})`;
  const byMethod = (name: keyof typeof BLUR_DEFAULTS): string =>
    `(default: ${TRAIN_DEFAULTS[name]}; blur: ${BLUR_DEFAULTS[name]})`;
  const count = (least: number) => wholeNumber(least, MAX_OUTER_STEPS);
  program
    .command("train")
    .summary("meta-train a start on your own images")
    .description(
      "Meta-trains the start of the estimates on folders of sharp images, and writes checkpoints, a log and curves " +
        "into a run folder. A run that was stopped or killed goes on with --resume, as if nothing had been.",
    )
    .option("--data <folder>", "folder of images of at least 192×192 pixels; repeatable", collect)
    .requiredOption("--out <folder>", "run folder")
    .option("--resume", "go on with the run in the run folder, with its options")
    .option("--steps <n>", `outer steps ${byMethod("steps")}`, count(1))
    .option(
      "--seed <n>",
      `fixes start, tasks and noise ${byDefault(TRAIN_DEFAULTS.seed)}`,
      wholeNumber(0, 0xffffffff),
    )
    .addOption(
      new Option(
        "--method <name>",
        `meta: MetaKernelGAN; dataset: DSKernelGAN, without an inner loop; blur: teach the discriminator what blur looks like ${byDefault(TRAIN_DEFAULTS.method)}`,
      ).choices(["meta", "dataset", "blur"]),
    )
    .option("--tasks <n>", `tasks of an outer step ${byMethod("tasks")}`, wholeNumber(1, 64))
    .option(
      "--evaluations <steps>",
      "inner steps after which to evaluate (default: 5,10,15,20,25)",
      wholeNumbers,
    )
    .option("--rate <r>", `outer learning rate, of Adam ${byMethod("rate")}`, learningRate)
    .addOption(
      new Option(
        "--learn <networks>",
        `whose start is learned; the other's stays as it is ${byMethod("learn")}`,
      ).choices(["both", "generator", "discriminator"]),
    )
    .addOption(
      new Option(
        "--kernel-pixels <state>",
        `the kernel-pixel loss in the generator's meta-loss ${byDefault(TRAIN_DEFAULTS.kernelPixels)}`,
      ).choices(["on", "off"]),
    )
    .option("--weights <file>", "begin with these weights, .safetensors (default: untrained)")
    .addOption(
      new Option(
        "--generator <kind>",
        `begin with the generator of the weights, or with a Gaussian and its derivatives ${byMethod("generator")}`,
      ).choices(["weights", "gaussians"]),
    )
    .option("--checkpoint-every <n>", `in steps ${byDefault(TRAIN_DEFAULTS.checkpointEvery)}`, count(1))
    .option("--log-every <n>", `in steps ${byDefault(TRAIN_DEFAULTS.logEvery)}`, count(1))
    .option("--validate-every <n>", `in steps; 0: never ${byDefault(TRAIN_DEFAULTS.validateEvery)}`, count(0))
    .option(
      "--validate-steps <n>",
      `steps of an estimate in a validation ${byDefault(TRAIN_DEFAULTS.validateSteps)}`,
      wholeNumber(1, MAX_STEPS),
    )
    .option(
      "--hold-out <n>",
      `keep every n-th image for validation; 0: none ${byDefault(TRAIN_DEFAULTS.holdOut)}`,
      count(0),
    )
    .addOption(adapterOption())
    .addHelpText(
      "after",
      examples(
        "metakernelgan train --data photos --out run",
        "metakernelgan train --out run --resume",
        "metakernelgan train --out run --resume --steps 200000",
        "metakernelgan train --data photos --out run --method blur",
        "metakernelgan train --data photos --out ablation --learn generator --kernel-pixels off",
        "metakernelgan estimate photo.jpg --weights run/best.safetensors",
      ),
    )
    .action(async (options: TrainCommandOptions) => {
      const { train } = await import("./run.js");
      await train(options, version);
    });
}
