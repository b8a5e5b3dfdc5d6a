import { Command, InvalidArgumentError, Option } from "commander";
import { PEER_CHOICES, type PeerChoice } from "./baselines/index.js";
import type { WorkName } from "./comparison/workloads.js";
import { WORKS } from "./comparison/workloads.js";

export const PARTS = ["kernels", "jobs", "works", "growth"] as const;
/** How costs grow is measured where asked for: it takes long. */
const USUAL_PARTS: readonly Part[] = ["kernels", "jobs", "works"];
export type Part = (typeof PARTS)[number];

/** What to measure, and how. */
export interface Options {
  readonly node?: boolean;
  readonly parts: readonly Part[];
  readonly works: readonly WorkName[];
  readonly peers: readonly PeerChoice[];
  readonly samples: number;
  readonly budget: number;
  readonly out: string;
  readonly compare?: string;
}

/** The command line; it throws a CommanderError after having said what is wrong. */
export function parseOptions(argv: readonly string[], defaultOut: string): Options {
  const works = Object.keys(WORKS) as WorkName[];
  return new Command("npm run bench --")
    .description("Times of kernels and jobs, and of the same work by others; $METAKERNELGAN_ADAPTER chooses.")
    .option("--node", "measure in Node, not in headless Chrome")
    .addOption(
      list("--parts <list>", `what to measure: ${PARTS.join(", ")}`, PARTS).default(
        [...USUAL_PARTS],
        USUAL_PARTS.join(","),
      ),
    )
    .addOption(list("--works <list>", `what to compare: ${works.join(", ")}`, works))
    .addOption(list("--peers <list>", `with whom: ${PEER_CHOICES.join(", ")}, or none`, PEER_CHOICES))
    .option("--samples <count>", "samples of each", whole, 20)
    .option("--budget <seconds>", "after which a slow one gets fewer samples", whole, 60)
    .option("--out <folder>", "where to write the results", defaultOut)
    .option("--compare <file>", "an earlier JSON result: prints ratios, and fails if something is slower now")
    .exitOverride()
    .parse([...argv], { from: "user" })
    .opts<Options>();
}

function list(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).default([...choices], "all").argParser((text: string) => {
    if (text === "none") return [];
    const chosen = text.split(",").map((name) => name.trim());
    const stranger = chosen.find((name) => !choices.includes(name));
    if (stranger !== undefined) {
      throw new InvalidArgumentError(`There is no ${stranger}; there are ${choices.join(", ")}.`);
    }
    return chosen;
  });
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError("It is a whole number from 1 up.");
  return value;
}
