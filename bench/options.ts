import { Command, InvalidArgumentError, Option } from "commander";
import { BASELINE_CHOICES, type BaselineChoice } from "./baselines/index.js";
import type { WorkloadName } from "./comparison/workloads.js";
import { WORKLOADS } from "./comparison/workloads.js";

export const PARTS = ["kernels", "jobs", "workloads", "scaling"] as const;
/** The scaling studies take long, so they run only on demand. */
const DEFAULT_PARTS: readonly Part[] = ["kernels", "jobs", "workloads"];
export type Part = (typeof PARTS)[number];

/** The bench's options. */
export interface Options {
  readonly node?: boolean;
  readonly parts: readonly Part[];
  readonly workloads: readonly WorkloadName[];
  readonly baselines: readonly BaselineChoice[];
  readonly samples: number;
  readonly budget: number;
  readonly out: string;
  readonly since?: string;
}

/**
 * Parses the command line.
 * @throws {CommanderError} after printing help or one line that says what is wrong.
 */
export function parseOptions(argv: readonly string[], defaultOut: string): Options {
  const workloads = Object.keys(WORKLOADS) as WorkloadName[];
  return new Command("npm run bench --")
    .description(
      "Time kernels, jobs, and workloads beside other libraries. $METAKERNELGAN_ADAPTER selects the adapter.",
    )
    .option("--node", "measure in Node instead of headless Chrome")
    .addOption(
      list("--parts <list>", `parts to measure: ${PARTS.join(", ")}`, PARTS).default(
        [...DEFAULT_PARTS],
        DEFAULT_PARTS.join(","),
      ),
    )
    .addOption(list("--workloads <list>", `workloads to compare: ${workloads.join(", ")}`, workloads))
    .addOption(
      list(
        "--baselines <list>",
        `libraries to compare with: ${BASELINE_CHOICES.join(", ")}, or none`,
        BASELINE_CHOICES,
      ),
    )
    .option("--samples <count>", "samples of each measure", whole, 20)
    .option("--budget <seconds>", "time limit of a participant, after which it gets fewer samples", whole, 60)
    .option("--out <folder>", "folder for the results", defaultOut)
    .option("--since <file>", "an earlier JSON result: print ratios, and fail if something became slower")
    .exitOverride()
    .parse([...argv], { from: "user" })
    .opts<Options>();
}

function list(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).default([...choices], "all").argParser((text: string) => {
    if (text === "none") return [];
    const chosen = text.split(",").map((name) => name.trim());
    const unknown = chosen.find((name) => !choices.includes(name));
    if (unknown !== undefined) {
      throw new InvalidArgumentError(`There is no ${unknown}: choose from ${choices.join(", ")}.`);
    }
    return chosen;
  });
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError("Give a whole number of at least 1.");
  return value;
}
