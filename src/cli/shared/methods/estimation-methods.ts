/**
 * How a kernel can be estimated: from the image's spectrum; by MetaKernelGAN, and by that beginning with the spectral
 * estimate; by its baseline DSKernelGAN, and by the older KernelGAN.
 */
export const ESTIMATION_METHODS = ["spectral", "meta", "hybrid", "dataset", "kernelgan"] as const;

export type EstimationMethodName = (typeof ESTIMATION_METHODS)[number];

/** Whether a method's kernel is that of the spectrum, or held near it. */
export function bySpectrum(method: EstimationMethodName): boolean {
  return method === "spectral" || method === "hybrid";
}

/** Steps of an estimate, by method. */
export const STEPS: Readonly<Record<EstimationMethodName, number>> = {
  spectral: 0,
  meta: 200,
  hybrid: 200,
  dataset: 200,
  kernelgan: 3000,
};

/** After how many steps MetaKernelGAN's paper gives its figures. */
const PAPER_STEPS = [0, 1, 5, 10, 20, 25, 50, 100, 200];

/** After how many steps kernels are compared, by method; at these KernelGAN's rate or weights change. */
export const COMPARED_STEPS: Readonly<Record<EstimationMethodName, readonly number[]>> = {
  spectral: [0],
  meta: PAPER_STEPS,
  hybrid: PAPER_STEPS,
  dataset: PAPER_STEPS,
  kernelgan: [0, 200, 400, 750, 1500, 2250, 3000],
};
