import type { ModelName } from "../upscale/upscaler-names.js";
import type { PhotoProgress } from "./upscale-photo.js";

/** The kernel's rough share of the time for a photo: an adaptation's is larger, a network's picture takes longer. */
const KERNEL_SHARES: Readonly<Record<"adaptation" | "instant", Readonly<Record<ModelName, number>>>> = {
  adaptation: { small: 0.8, large: 0.5, fast: 0.95, usrnet: 0.4 },
  instant: { small: 0.1, large: 0.03, fast: 0.3, usrnet: 0.02 },
};

/**
 * The share of the whole work on a photo that is done, 0 to 1.
 * @param steps of the kernel's estimate; 0 if it is instant or given.
 */
export function progressShare(
  { phase, done, total }: PhotoProgress,
  steps: number,
  upscaler: ModelName,
): number {
  const kernel = KERNEL_SHARES[steps > 0 ? "adaptation" : "instant"][upscaler];
  if (phase === "kernel") return total === 0 ? 0 : (kernel * done) / total;
  return kernel + ((1 - kernel) * done) / total;
}
