import type { Command } from "commander";
import type { CommonSettings, Schedule } from "../../../../train/training.js";
import { collect, learningRate, wholeNumber } from "../../../shared/options/option-values.js";

/** Adam's schedule of more steps would fill the GPU's memory; the paper takes 100,000. */
const MAX_STEPS = 1_000_000;

/** Says what an option is unless it is given. */
export function byDefault(value: unknown): string {
  return `(default: ${value})`;
}

/** Differences between the help texts of trainings. */
export interface CommonWords {
  /** About `--data`: folders of images unless given. */
  readonly data?: string;
  /** About `--batch`: what a step takes. */
  readonly samples: string;
  /** About `--rate`. */
  readonly rate?: string;
  /** Defaults in words, where they are more than one. */
  readonly defaults?: Partial<Record<"steps" | "batch" | "rate", string>>;
}

/** Adds the options that every training has, which mean the same in all. */
export function addCommonOptions(
  command: Command,
  defaults: CommonSettings & Schedule,
  words: CommonWords,
): Command {
  const { steps, batch, rate } = { ...defaults, ...words.defaults };
  return command
    .option(
      "--data <folder>",
      `${words.data ?? "folder of images of at least 192×192 pixels"}; repeatable`,
      collect,
    )
    .requiredOption("--out <folder>", "run folder")
    .option("--resume", "continue the run in --out with its saved options")
    .option("--steps <n>", `total steps ${byDefault(steps)}`, wholeNumber(1, MAX_STEPS))
    .option(
      "--seed <n>",
      `seed of initialization, samples and noise ${byDefault(defaults.seed)}`,
      wholeNumber(0, 0xffffffff),
    )
    .option("--rate <r>", `${words.rate ?? "highest learning rate of Adam"} ${byDefault(rate)}`, learningRate)
    .option("--batch <n>", `${words.samples} ${byDefault(batch)}`, wholeNumber(1, 1024))
    .option(
      "--checkpoint-every <n>",
      `steps between checkpoints ${byDefault(defaults.checkpointEvery)}`,
      wholeNumber(1, MAX_STEPS),
    )
    .option(
      "--log-every <n>",
      `steps between lines of the log ${byDefault(defaults.logEvery)}`,
      wholeNumber(1, MAX_STEPS),
    );
}

/** Adds the options of trainings that can measure their network on images held out. */
export function addValidationOptions(command: Command, defaults: CommonSettings & Schedule): Command {
  return command
    .option(
      "--hold-out <n>",
      `hold out every n-th image for validation; 0: none ${byDefault(defaults.holdOut)}`,
      wholeNumber(0, MAX_STEPS),
    )
    .option(
      "--validate-every <n>",
      `steps between validations; 0: no validation ${byDefault(defaults.validateEvery)}`,
      wholeNumber(0, MAX_STEPS),
    );
}
