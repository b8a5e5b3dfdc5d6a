import type { SamplingPlan } from "../comparison/interleave.js";
import type { Harness } from "../harness/harness.js";
import { JOBS, type JobName } from "../harness/jobs/index.js";
import type { ProfileName } from "../harness/profiles/index.js";
import { measureDevice } from "../measure/device.js";
import { measureJobs } from "../measure/jobs.js";
import { measureKernels, measureRooflines } from "../measure/kernels.js";
import type { PageResult } from "./page-result.js";

/** Fewer samples than on the command line: a visitor waits. */
export const PLAN: SamplingPlan = { samples: 12, budget: 15, atLeast: 3, error: 0.03, believed: 6 };

/** Programs of the product: the generator layer by layer takes seconds on a slow device. */
const PROGRAMS: readonly ProfileName[] = ["adaptation", "upscaling"];

/** The parts of a visit: small buffers come first, and the long jobs last. */
const PARTS: readonly ((side: { harness: Harness; recorder: PageResult }) => Promise<void>)[] = [
  (side) => measureDevice(side),
  (side) => measureRooflines([side]),
  (side) => measureKernels([side], PROGRAMS, PLAN),
  (side) => measureJobs([side], Object.keys(JOBS) as JobName[], PLAN),
];

/**
 * Measures everything, one part after the other.
 * @param done takes the finished part of all, from 0 to 1.
 * @throws {Cancelled} if the visitor ends it.
 */
export async function measureAll(
  harness: Harness,
  recorder: PageResult,
  done: (part: number) => void,
): Promise<void> {
  for (const [i, measure] of PARTS.entries()) {
    recorder.goOn();
    await measure({ harness, recorder });
    done((i + 1) / PARTS.length);
  }
}
