import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { absent, type Contestant, inLaboratory } from "../comparison/contestant.js";
import type { WorkName } from "../comparison/workloads.js";
import type { Inputs } from "../harness/inputs.js";
import type { Host } from "../hosts/host.js";
import { BenchError } from "../report/errors.js";
import { openPyTorch } from "./pytorch.js";

/** The packages of the peers that run beside us, by the names of their files. */
const PACKAGES = {
  jax: "@jax-js/jax",
  tfjs: "@tensorflow/tfjs-core",
  ort: "onnxruntime-web",
} as const;

export type PackagedPeer = keyof typeof PACKAGES;
export type PeerChoice = PackagedPeer | "pytorch";
export const PEER_CHOICES: readonly PeerChoice[] = ["jax", "tfjs", "ort", "pytorch"];

/** What is said of a peer whose module does not load. */
const ITS_WORKS: readonly WorkName[] = [
  "discriminator-forward",
  "discriminator-gradient",
  "generator-gradient",
  "adaptation-step",
  "adaptation-step-collapsed",
  "res-unet-128",
  "res-unet-256",
];

/** Those of the choices that are npm packages. */
export function packaged(choices: readonly PeerChoice[]): PackagedPeer[] {
  return choices.filter((choice) => choice !== "pytorch");
}

/** @throws {BenchError} if the bench's own dependencies are not installed. */
export function requireInstalled(folder: string, choices: readonly PeerChoice[]): void {
  const missing = packaged(choices).find((choice) => !existsSync(manifestOf(folder, choice)));
  if (missing) {
    throw new BenchError(
      `${PACKAGES[missing]} is not installed: run npm ci --prefix bench, or leave such peers out (--peers pytorch, --peers none).`,
    );
  }
}

/** Opens the peers, each of which may turn out to be able to do nothing. */
export async function openPeers(
  folder: string,
  choices: readonly PeerChoice[],
  host: Host,
  inputs: Inputs,
): Promise<Contestant[]> {
  const contestants: Contestant[] = [];
  for (const choice of packaged(choices)) {
    const { version } = JSON.parse(readFileSync(manifestOf(folder, choice), "utf8"));
    try {
      const peer = await host.laboratory.load(host.peerUrl(choice));
      contestants.push(inLaboratory(host.laboratory, peer, version));
    } catch (error) {
      contestants.push(absent(choice, version, ITS_WORKS, (error as Error).message));
    }
  }
  if (choices.includes("pytorch")) contestants.push(...(await openPyTorch(folder, inputs)));
  return contestants;
}

function manifestOf(folder: string, choice: PackagedPeer): string {
  return join(folder, "node_modules", PACKAGES[choice], "package.json");
}
