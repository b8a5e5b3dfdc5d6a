import { IMAGES } from "./image-corpus.js";
import { KERNELS } from "./kernel-corpus.js";
import { RUNS } from "./run-corpus.js";
import { CHECKPOINTS, SAFETENSORS } from "./weights-corpus.js";

/** A file that is made to break its reader. */
export interface HostileFile {
  /** Its ending says which reader it is made for. */
  readonly name: string;
  readonly bytes: () => Uint8Array;
  /** What the refusal says. */
  readonly refused: RegExp;
  /** Whether the reader may also take what it can. */
  readonly mayPass?: boolean;
}

/** Small files that exhausted, hung or confused a reader, or could. */
export const CORPUS: readonly HostileFile[] = [
  ...CHECKPOINTS,
  ...SAFETENSORS,
  ...KERNELS,
  ...IMAGES,
  ...RUNS,
];
