import type { SamplingPlan } from "../comparison/interleave.js";
import type { Harness } from "../harness/harness.js";
import { JOBS, type JobName } from "../harness/jobs/index.js";
import type { ProfileName } from "../harness/profiles/index.js";
import { measureDevice } from "../measure/device.js";
import { measureJobs } from "../measure/jobs.js";
import { measureKernels, measureRooflines, measureRooflinesAgain } from "../measure/kernels.js";
import type { PageResult } from "./page-result.js";

/** Fewer samples than on the command line: a visitor waits. */
const PLAN: SamplingPlan = { samples: 12, budget: 15, atLeast: 3, error: 0.03, believed: 6 };
/** For a slow device, whose visitor would give up. */
const QUICK_PLAN: SamplingPlan = { ...PLAN, samples: 3, budget: 5, atLeast: 2, believed: 3 };

/** The samples that a visit takes. */
export function planOf(quick: boolean): SamplingPlan {
  return quick ? QUICK_PLAN : PLAN;
}

/** Programs of the product: the generator layer by layer takes seconds on a slow device. */
const PROGRAMS: readonly ProfileName[] = ["adaptation", "upscaling"];

/** What is measured, and how much. */
interface Visit {
  readonly side: { readonly harness: Harness; readonly recorder: PageResult };
  readonly quick: boolean;
}

/** The parts of a visit: small buffers come first. */
const PARTS: readonly ((visit: Visit) => Promise<void>)[] = [
  ({ side, quick }) => measureDevice(side, quick),
  ({ side, quick }) => measureRooflines([side], quick),
  ({ side, quick }) => measureKernels([side], PROGRAMS, planOf(quick), quick),
  ({ side, quick }) => measureJobs([side], Object.keys(JOBS) as JobName[], planOf(quick), quick),
  ({ side, quick }) => measureRooflinesAgain([side], quick),
];

/**
 * Measures everything, one part after the other.
 * @param done takes the finished part of all, from 0 to 1.
 * @throws {Cancelled} if the visitor ends it.
 */
export async function measureAll({ side, quick }: Visit, done: (part: number) => void): Promise<void> {
  for (const [i, measure] of PARTS.entries()) {
    side.recorder.goOn();
    await measure({ side, quick });
    done((i + 1) / PARTS.length);
  }
}
