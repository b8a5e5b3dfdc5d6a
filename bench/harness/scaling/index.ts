import type { Growth } from "./growth.js";
import { imageSize } from "./image-size.js";
import { megapixels } from "./megapixels.js";
import { steps } from "./steps.js";
import { tasks } from "./tasks.js";

/** Every job whose growth is measured. */
export const GROWTHS = { imageSize, steps, tasks, megapixels } satisfies Record<string, Growth>;

export type GrowthName = keyof typeof GROWTHS;
