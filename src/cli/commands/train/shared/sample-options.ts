import type { Command } from "commander";
import { collect, wholeNumber } from "../../../shared/options/option-values.js";
import type { PhotoChoice } from "./load-photos.js";

/** The options that {@link addSampleOptions} adds, as Commander gives them. */
export interface SampleOptions extends PhotoChoice {
  readonly out: string;
  readonly samples: number;
  readonly seed: number;
}

/** Numbers that differ between the commands that make samples. */
export interface SampleNumbers {
  /** Size of a sample, in MB. */
  readonly megabytes: number;
  /** Samples by default. */
  readonly samples: number;
}

/** Samples in a file. */
export const SHARD = 24;

/** Adds the options of every command that makes samples. */
export function addSampleOptions(command: Command, { megabytes, samples }: SampleNumbers): Command {
  return command
    .requiredOption("--data <folder>", "folder of images; repeatable", collect)
    .requiredOption("--out <folder>", `output folder, about ${megabytes} MB per sample`)
    .option("--samples <n>", "degraded images", wholeNumber(SHARD, 1_000_000), samples)
    .option("--hold-out <n>", "skip every n-th photo; 0: none", wholeNumber(0, 100_000), 40)
    .option("--held-out", "use only the photos that --hold-out skips")
    .option("--seed <n>", "seed of the samples", wholeNumber(0, 0xffffffff), 0);
}
