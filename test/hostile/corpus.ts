import type { HostileFile } from "./hostile-file.js";
import { IMAGES } from "./image-corpus.js";
import { KERNELS } from "./kernel-corpus.js";
import { RUNS } from "./run-corpus.js";
import { CHECKPOINTS, SAFETENSORS } from "./weights-corpus.js";

/** Small files that exhausted, hung or confused a reader, or could. */
export const CORPUS: readonly HostileFile[] = [
  ...CHECKPOINTS,
  ...SAFETENSORS,
  ...KERNELS,
  ...IMAGES,
  ...RUNS,
];
