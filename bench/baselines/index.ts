import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { absent, inHarness, type Participant } from "../comparison/participant.js";
import type { WorkloadName } from "../comparison/workloads.js";
import type { Inputs } from "../harness/inputs.js";
import type { Host } from "../hosts/host.js";
import { BenchError } from "../report/errors.js";
import { openPyTorch } from "./pytorch.js";

/** npm packages of the baselines that run inside the harness, by the names of their files. */
const PACKAGES = {
  jax: "@jax-js/jax",
  tfjs: "@tensorflow/tfjs-core",
  ort: "onnxruntime-web",
} as const;

export type PackagedBaseline = keyof typeof PACKAGES;
export type BaselineChoice = PackagedBaseline | "pytorch";
export const BASELINE_CHOICES: readonly BaselineChoice[] = ["jax", "tfjs", "ort", "pytorch"];

/** The workloads that are listed for a baseline whose module does not load. */
const BASELINE_WORKLOADS: readonly WorkloadName[] = [
  "discriminator-forward",
  "discriminator-gradient",
  "generator-gradient",
  "adaptation-step",
  "adaptation-step-collapsed",
  "res-unet-128",
  "res-unet-256",
];

/** The choices that are npm packages. */
export function packaged(choices: readonly BaselineChoice[]): PackagedBaseline[] {
  return choices.filter((choice) => choice !== "pytorch");
}

/** @throws {BenchError} if the bench's own dependencies are not installed. */
export function requireInstalled(folder: string, choices: readonly BaselineChoice[]): void {
  const missing = packaged(choices).find((choice) => !existsSync(manifestOf(folder, choice)));
  if (missing) {
    throw new BenchError(
      `${PACKAGES[missing]} is not installed: run npm ci --prefix bench, or leave out the baselines from npm (--baselines pytorch, --baselines none).`,
    );
  }
}

/** Opens the chosen baselines. One that fails takes part as absent, with the reason. */
export async function openBaselines(
  folder: string,
  choices: readonly BaselineChoice[],
  host: Host,
  inputs: Inputs,
): Promise<Participant[]> {
  const participants: Participant[] = [];
  for (const choice of packaged(choices)) {
    const { version } = JSON.parse(readFileSync(manifestOf(folder, choice), "utf8"));
    try {
      const baseline = await host.harness.load(host.baselineUrl(choice));
      participants.push(inHarness(host.harness, baseline, version));
    } catch (error) {
      participants.push(absent(choice, version, BASELINE_WORKLOADS, (error as Error).message));
    }
  }
  if (choices.includes("pytorch")) participants.push(...(await openPyTorch(folder, inputs)));
  return participants;
}

function manifestOf(folder: string, choice: PackagedBaseline): string {
  return join(folder, "node_modules", PACKAGES[choice], "package.json");
}
