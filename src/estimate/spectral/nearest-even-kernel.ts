import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { evenKernel } from "../../kernel/families/motion-and-disk-kernels.js";
import { kernelCovariance } from "../../kernel/metrics/kernel-metrics.js";
import { principalAxes } from "../../kernel/metrics/principal-axes.js";

/** A kernel whose variances differ by more than this factor is compared with motions, others with disks. */
const LONG = 1.4;

/** Steps of the search, of lengths and radii in pixels and of angles in radians. */
const FIRST_STEP = 0.4;
const LAST_STEP = 0.02;

/** A kernel, and its distance from another: root of the sum of squared differences, as a part of that of the other's squares. */
interface NearKernel {
  readonly kernel: BlurKernel<"correlation">;
  readonly distance: number;
}

/** The kernel of an even motion, or of a lens out of focus, that is nearest to a ×2 kernel. */
export function nearestEvenKernel(kernel: BlurKernel<"correlation">): NearKernel {
  const { values, size } = kernel;
  const at = (blur: readonly number[]) => {
    const [length, theta, radius] = blur;
    const near = evenKernel(length, theta, radius, size);
    const distance = Math.hypot(...values.map((value, i) => value - near.values[i])) / Math.hypot(...values);
    return { blur, kernel: near, distance };
  };
  const { wide, narrow, theta } = principalAxes(kernelCovariance(kernel));
  const isLong = wide > LONG * narrow;
  let best = at(
    isLong ? [Math.sqrt(12 * (wide - narrow)), theta, 0] : [0, 0, Math.sqrt(2 * (wide + narrow))],
  );
  for (let step = FIRST_STEP; step > LAST_STEP; ) {
    const { blur } = best;
    for (const changed of isLong ? [0, 1] : [2]) {
      for (const change of [-step, step]) {
        const tried = at(blur.map((value, i) => (i === changed ? value + change : value)));
        if (tried.distance < best.distance) best = tried;
      }
    }
    // Where no step comes nearer, shorter ones may.
    if (best.blur === blur) step /= 2;
  }
  return best;
}
