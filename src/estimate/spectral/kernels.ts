import { type BlurKernel, blurKernel } from "../../kernel/blur-kernel.js";
import { covarianceKernel } from "../../kernel/families/covariance-kernel.js";
import type { KernelUncertainty } from "../../kernel/kernel-uncertainty.js";
import { kernelSum, normalizeKernel } from "../../kernel/normalize-kernel.js";
import { GRID, type WholeReading } from "../../model/spectral/whole-reading.js";
import { nearestEvenKernel } from "./nearest-even-kernel.js";

/** Sides of kernels: those of the paper, and the largest. */
const MIN_SIDE = 11;
const MAX_SIDE = GRID - 1;

/** Part of a kernel that may lie outside of the side that is kept. */
const OUTSIDE = 0.01;

/**
 * A blur counts as an even motion or a lens out of focus where its kernel's relative distance from one is less than `NEAR`, and where the
 * probabilities of a Gaussian of the paper and of a camera are less than these. Up to half of that distance the even blur's shape counts as
 * certain; from there, its doubt rises to that of the reading.
 */
const SURELY_NEAR = 0.1;
const NEAR = 2 * SURELY_NEAR;
const MAX_GAUSSIAN = 0.1;
const MAX_CAMERA = 0.5;

/** Part of the covariance's likely error that is left then. */
const ERROR_LEFT = 0.7;

/** A kernel, and how far it is likely to be from the true one. */
interface UncertainKernel {
  readonly kernel: BlurKernel<"correlation">;
  readonly uncertainty: KernelUncertainty;
}

/**
 * The kernel of both networks or, where it is close to the kernel of an even motion or of a lens out of focus, that kernel. Fitted on
 * held-out training photos, see docs/notes/estimating/2026-11-30-even-blur.md.
 */
export function kernelOf(reading: WholeReading): UncertainKernel {
  const { error, photo } = reading;
  const kernel = mixedKernel(reading);
  const isPlain = photo.gaussian < MAX_GAUSSIAN && photo.camera < MAX_CAMERA;
  const even = isPlain && nearestEvenKernel(kernel);
  const doubt = shapeError(reading);
  return even && even.distance < NEAR
    ? {
        kernel: even.kernel,
        uncertainty: {
          error: ERROR_LEFT * error,
          nonGaussianity: doubt * Math.max(0, even.distance / SURELY_NEAR - 1),
        },
      }
    : { kernel, uncertainty: { error, nonGaussianity: doubt } };
}

/**
 * The kernel of both networks: a mixture of the Gaussian and the whole kernel, by the probability that the blur is one of the
 * paper's Gaussians.
 */
export function mixedKernel(reading: WholeReading): BlurKernel<"correlation"> {
  const { gaussian } = reading.photo;
  const { size, values } = covarianceKernel(reading.covariance);
  const margin = (GRID - size + 1) / 2;
  const mixed = reading.kernel.map((value) => (1 - gaussian) * value);
  values.forEach((value, i) => {
    mixed[(margin + Math.floor(i / size)) * GRID + margin + (i % size)] += gaussian * value;
  });
  return cropped(mixed);
}

/** Distance between kernels that a K-COV of one square pixel makes. */
const DISTANCE_PER_ERROR = 0.04;

/** Added where a blur is surely not a Gaussian. */
const EDGES = 0.025;

/**
 * How far the shape of the whole kernel is likely to be off, as a distance from the true one: what the error of its covariance
 * does not explain. A blur with edges, as disks and motion have, has zeros in its spectrum, where small errors do more harm.
 * Fitted on held-out training photos, see docs/notes/estimating/2026-11-28-whole-kernels.md.
 */
function shapeError({ distance, error, photo }: WholeReading): number {
  return Math.max(0, distance - DISTANCE_PER_ERROR * error) + EDGES * (1 - photo.gaussian) ** 2;
}

/** The middle of the grid: the smallest odd side that leaves hardly anything out, on the paper's grid, sum 1. */
function cropped(kernel: Float64Array): BlurKernel<"correlation"> {
  for (let side = MIN_SIDE; ; side += 2) {
    // The kernel's middle lies half a pixel before that of the odd side.
    const start = (GRID - side + 1) / 2;
    const values = Float64Array.from(
      { length: side ** 2 },
      (_, i) => kernel[(start + Math.floor(i / side)) * GRID + start + (i % side)],
    );
    const middle = blurKernel(values, 2);
    if (side === MAX_SIDE || kernelSum(middle) > 1 - OUTSIDE) return normalizeKernel(middle);
  }
}
