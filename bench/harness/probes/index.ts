import { arithmetic } from "./arithmetic.js";
import { compilation } from "./compilation.js";
import { latencies } from "./latencies.js";
import type { Probe } from "./probe.js";
import { sharing } from "./sharing.js";
import { strides } from "./strides.js";
import { transfers } from "./transfers.js";

/** Every probe of a device. To add one, add a file to this folder and an entry here. */
export const PROBES = {
  latencies,
  transfers,
  compilation,
  arithmetic,
  sharing,
  strides,
} satisfies Record<string, Probe>;

export type ProbeName = keyof typeof PROBES;
