import type { Command } from "commander";
import type { SamplingPlan } from "../comparison/interleave.js";
import { percentage, positive, whole } from "./option-types.js";

/** Options that say how many samples are taken. */
export interface PlanOptions {
  readonly samples: number;
  readonly error: number;
  readonly budget: number;
}

/** An option of commands that print shares of the roofline. */
export interface RooflineOption {
  readonly roofline: boolean;
}

/** Adds it to a command. */
export function addRooflineOption(command: Command): Command {
  return command.option(
    "--no-roofline",
    "do not measure the roofline, which takes some seconds; then no share of it is printed",
  );
}

/** Samples of even the slowest, where so many are wanted: with fewer, a median has no interval. */
const MIN_SAMPLES = 6;
/** Samples after which an error is believed: with fewer, two results cannot be compared. */
const BELIEVED = 15;

/** Adds them to a command. */
export function addPlanOptions(command: Command): Command {
  return command
    .option("--samples <count>", "samples of each measure at most", whole, 50)
    .option(
      "--error <percent>",
      "relative error of the median (95 %) at which sampling stops; 0 for never",
      percentage,
      0.03,
    )
    .option("--budget <seconds>", "time limit of a measure, after which it gets fewer samples", positive, 60);
}

export function planOf({ samples, error, budget }: PlanOptions): SamplingPlan {
  return { samples, error, budget, atLeast: Math.min(MIN_SAMPLES, samples), believed: BELIEVED };
}
