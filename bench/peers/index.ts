import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { absent, inHarness, type Participant } from "../comparison/participant.js";
import type { WorkloadName } from "../comparison/workloads.js";
import { makeInputs } from "../harness/inputs.js";
import type { Host } from "../hosts/host.js";
import { BenchError } from "../report/errors.js";
import { openPyTorch, type PyTorchMode } from "./pytorch.js";

/** npm packages of the peers that run inside the harness, by the names of their files. */
const PACKAGES = {
  jax: "@jax-js/jax",
  tfjs: "@tensorflow/tfjs-core",
  ort: "onnxruntime-web",
  "ort-wasm": "onnxruntime-web",
} as const;

export type PackagedPeer = keyof typeof PACKAGES;
export type PeerChoice = PackagedPeer | "pytorch" | "pytorch-compiled";
export const PEER_CHOICES: readonly PeerChoice[] = [
  "jax",
  "tfjs",
  "ort",
  "ort-wasm",
  "pytorch",
  "pytorch-compiled",
];

const PYTORCH_MODES: Readonly<Partial<Record<PeerChoice, PyTorchMode>>> = {
  pytorch: "eager",
  "pytorch-compiled": "compiled",
};

/** The workloads that are listed for a peer whose module does not load. */
const PEER_WORKLOADS: readonly WorkloadName[] = [
  "discriminator-forward",
  "discriminator-gradient",
  "generator-gradient",
  "adaptation-step",
  "adaptation-step-collapsed",
  "adaptation-step-layers",
  "res-unet-128",
  "res-unet-256",
];

/** The choices that are npm packages. */
export function packaged(choices: readonly PeerChoice[]): PackagedPeer[] {
  return choices.filter((choice): choice is PackagedPeer => choice in PACKAGES);
}

/** @throws {BenchError} if the bench's own dependencies are not installed. */
export function requireInstalled(folder: string, choices: readonly PeerChoice[]): void {
  const missing = packaged(choices).find((choice) => !existsSync(manifestOf(folder, choice)));
  if (missing) {
    throw new BenchError(
      `${PACKAGES[missing]} is not installed: run npm ci --prefix bench, or leave out the peers from npm (--peers pytorch, --peers none).`,
    );
  }
}

/** Opens the chosen peers. One that fails takes part as absent, with the reason. */
export async function openPeers(
  folder: string,
  choices: readonly PeerChoice[],
  host: Host,
): Promise<Participant[]> {
  const participants: Participant[] = [];
  for (const choice of packaged(choices)) {
    const { version } = JSON.parse(readFileSync(manifestOf(folder, choice), "utf8"));
    try {
      const peer = await host.harness.load(host.peerUrl(choice));
      participants.push(inHarness(host.harness, peer, version));
    } catch (error) {
      participants.push(absent(choice, version, PEER_WORKLOADS, (error as Error).message));
    }
  }
  for (const choice of choices) {
    const mode = PYTORCH_MODES[choice];
    if (mode) participants.push(...(await openPyTorch(folder, makeInputs(), mode)));
  }
  return participants;
}

function manifestOf(folder: string, choice: PackagedPeer): string {
  return join(folder, "node_modules", PACKAGES[choice], "package.json");
}
