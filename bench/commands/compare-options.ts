import { Command } from "commander";
import { WORKLOADS, type WorkloadName } from "../comparison/workloads.js";
import { JOBS, type JobName } from "../harness/jobs/index.js";
import { PROFILES, type ProfileName } from "../harness/profiles/index.js";
import { SCALING_STUDIES, type ScalingName } from "../harness/scaling/index.js";
import { PEER_CHOICES, type PeerChoice } from "../peers/index.js";
import { addHostOptions, type HostOptions } from "./host-options.js";
import { list } from "./option-types.js";
import { addPlanOptions, addRooflineOption, type PlanOptions, type RooflineOption } from "./plan-options.js";

export const PARTS = ["kernels", "jobs", "workloads", "scaling"] as const;
/** The scaling studies take long, so they run only on demand. */
const DEFAULT_PARTS: readonly Part[] = ["kernels", "jobs", "workloads"];
export type Part = (typeof PARTS)[number];

/** Options of the bench's main command. */
export interface CompareOptions extends HostOptions, PlanOptions, RooflineOption {
  readonly parts: readonly Part[];
  readonly kernels: readonly ProfileName[];
  readonly jobs: readonly JobName[];
  readonly scaling: readonly ScalingName[];
  readonly workloads: readonly WorkloadName[];
  readonly peers: readonly PeerChoice[];
  readonly out: string;
  readonly since?: string;
  readonly ab?: string;
}

/** The main command, without its action. */
export function compareCommand(defaultOut: string): Command {
  const choices = (names: object): string[] => Object.keys(names);
  const command = new Command("compare")
    .description("time kernels, jobs, and workloads beside other libraries")
    .addOption(
      list("--parts <list>", `parts to measure: ${PARTS.join(", ")}`, PARTS).default(
        [...DEFAULT_PARTS],
        DEFAULT_PARTS.join(","),
      ),
    )
    .addOption(filter("--kernels <list>", "programs whose kernels are timed", choices(PROFILES)))
    .addOption(filter("--jobs <list>", "jobs to time", choices(JOBS)))
    .addOption(filter("--scaling <list>", "scaling studies", choices(SCALING_STUDIES)))
    .addOption(filter("--workloads <list>", "workloads to compare", choices(WORKLOADS)))
    .addOption(
      list("--peers <list>", `libraries to compare with: ${PEER_CHOICES.join(", ")}, or none`, PEER_CHOICES),
    );
  return addRooflineOption(addPlanOptions(addHostOptions(command)))
    .option("--out <folder>", "folder for the results", defaultOut)
    .option("--since <file>", "an earlier JSON result: print ratios, and fail if something became slower")
    .option(
      "--ab <revision>",
      "measure a git revision too, by turns: print ratios to it, and fail if something became slower",
    );
}

function filter(flags: string, what: string, names: readonly string[]) {
  return list(flags, `${what}: ${names.join(", ")}`, names);
}
