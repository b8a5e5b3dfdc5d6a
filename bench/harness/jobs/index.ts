import { estimate } from "./estimate.js";
import type { Job } from "./job.js";
import { startUp } from "./start-up.js";
import { upscale } from "./upscale.js";

/** Every job that is timed. To add one, add a file to this folder and an entry here. */
export const JOBS = { estimate, startUp, upscale } satisfies Record<string, Job>;

export type JobName = keyof typeof JOBS;
