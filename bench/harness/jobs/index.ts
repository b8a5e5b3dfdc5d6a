import { estimate } from "./estimate.js";
import type { Job } from "./job.js";
import { startUp } from "./start-up.js";
import { upscale } from "./upscale.js";

/** Every job that is timed. To add one, add a file to this folder and an entry here. */
export const JOBS = {
  estimate: estimate(512, 384, 200),
  startUp,
  upscale: upscale(384, 256),
} satisfies Record<string, Job>;

export type JobName = keyof typeof JOBS;

/** The same with small images, for a device that takes minutes for the others. */
export const QUICK_JOBS: Readonly<Record<JobName, Job>> = {
  estimate: estimate(128, 96, 40),
  startUp,
  upscale: upscale(96, 64),
};
