import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { EngineError } from "../../src/engine/errors.js";
import { innerLoopOf } from "../../src/estimate/metakernelgan/inner-loop.js";
import { ganWeights } from "../../src/model/gan/gan-weights.js";
import { guidedConfigOf } from "../../src/model/guided/layout.js";
import { spectralWeights } from "../../src/model/spectral/spectral-weights.js";
import { configOf } from "../../src/model/usrnet/usrnet-config.js";
import { readKernel } from "../../src/node/files/kernel-files.js";
import { readImage } from "../../src/node/image-io/read-image.js";
import { RunFolder } from "../../src/node/runs/run-folder.js";
import { decodeCheckpoint } from "../../src/train/checkpoint.js";
import { importCheckpoint } from "../../src/weights/pytorch/import-checkpoint.js";
import { parseSafetensors } from "../../src/weights/safetensors.js";

/** A file on the disk and its bytes. */
interface OpenFile {
  readonly bytes: Uint8Array;
  /** Its path under a name that a reader wants. */
  readonly as: (name: string) => string;
}

const ofSafetensors = (read: (file: ReturnType<typeof parseSafetensors>) => unknown) => (file: OpenFile) =>
  read(parseSafetensors(file.bytes));

/** Everything in the product that reads a file of somebody else's. */
const READERS: Readonly<Record<string, (file: OpenFile) => unknown>> = {
  import: ({ bytes }) => importCheckpoint(bytes),
  usrnet: ofSafetensors(configOf),
  guided: ofSafetensors(guidedConfigOf),
  spectral: ofSafetensors(spectralWeights),
  gan: ofSafetensors((file) => [ganWeights(file), innerLoopOf(file.metadata)]),
  checkpoint: ofSafetensors((file) => decodeCheckpoint(file, () => [])),
  npy: ({ as }) => readKernel(as("kernel.npy"), 2),
  mat: ({ as }) => readKernel(as("kernel.mat"), 2),
  json: ({ as }) => readKernel(as("kernel.json")),
  benchmarkJson: ({ as }) => readKernel(as("kernel.json"), 2),
  image: ({ as }) => readImage(as("image.png")),
  run: async ({ as }) => {
    as("log.jsonl");
    await RunFolder.open(dirname(as("config.json")));
  },
  log: async ({ as }) => {
    const folder = dirname(as("log.jsonl"));
    writeFileSync(join(folder, "config.json"), RUN_CONFIG);
    const run = await RunFolder.open(folder);
    run.bestValidation("kernelPsnr");
  },
};

const RUN_CONFIG = JSON.stringify({
  version: "0.1.0",
  training: "gan",
  adapter: { name: "a", kind: "gpu" },
  data: ["photos"],
  images: 3,
  settings: { seed: 0, files: "", init: null },
  schedule: { steps: 9, checkpointEvery: 3, logEvery: 1, validateEvery: 0, validateSteps: 1 },
});

/** What became of a file in a reader. */
export interface Outcome {
  readonly reader: string;
  /** The refusal; undefined if the file was read. */
  readonly refusal?: string;
  /** Whether something else than an error of this package came out. */
  readonly raw?: unknown;
  readonly milliseconds: number;
}

/** Drives bytes through the named readers, or all of them. */
export async function drive(bytes: Uint8Array, readers = Object.keys(READERS)): Promise<Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), "hostile-"));
  try {
    const original = join(folder, "file");
    writeFileSync(original, bytes);
    const outcomes: Outcome[] = [];
    for (const reader of readers) {
      const own = join(folder, reader);
      mkdirSync(own);
      const as = (name: string): string => {
        symlinkSync(original, join(own, name));
        return join(own, name);
      };
      const began = performance.now();
      const result = await outcomeOf(() => READERS[reader]?.({ bytes, as }));
      outcomes.push({ reader, ...result, milliseconds: performance.now() - began });
    }
    return outcomes;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function outcomeOf(read: () => unknown): Promise<Pick<Outcome, "refusal" | "raw">> {
  try {
    await read();
    return {};
  } catch (error) {
    return error instanceof EngineError ? { refusal: error.message } : { raw: error };
  }
}
