import { estimate } from "./estimate.js";
import type { Job } from "./job.js";
import { startUp } from "./start-up.js";

/** Every job that is timed. Another one, such as a restoration by the megapixel, is a file beside these and an entry here. */
export const JOBS = { estimate, startUp } satisfies Record<string, Job>;

export type JobName = keyof typeof JOBS;
