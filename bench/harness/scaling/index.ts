import { imageSize } from "./image-size.js";
import { megapixels } from "./megapixels.js";
import type { ScalingStudy } from "./scaling-study.js";
import { steps } from "./steps.js";
import { tasks } from "./tasks.js";

/** Every scaling study. To add one, add a file to this folder and an entry here. */
export const SCALING_STUDIES = { imageSize, steps, tasks, megapixels } satisfies Record<string, ScalingStudy>;

export type ScalingName = keyof typeof SCALING_STUDIES;
