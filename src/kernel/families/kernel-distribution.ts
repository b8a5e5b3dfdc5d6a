/** Variances along a kernel's axes, in square pixels: uniform between these (MetaKernelGAN, section 4.1). */
export const VARIANCE_RANGE = [0.35, 5] as const;

/** Each value of a non-Gaussian kernel is off by up to this part of itself (MetaKernelGAN, section 4.1). */
export const KERNEL_NOISE = 0.4;

/**
 * Mean variance along an axis of the ×2 kernels, in square pixels; the 11×11 grid cuts the tails of wide ones
 * off.
 */
export const MEAN_VARIANCE = 2.65;

/** Variance of the round Gaussian that comparisons take for every image, in square pixels: near the mean. */
export const ROUND_GAUSSIAN_VARIANCE = 2.6;
