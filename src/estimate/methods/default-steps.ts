/** Steps of an estimate in MetaKernelGAN's paper. */
export const META_STEPS = 200;

/** Steps of an estimate in KernelGAN's paper. */
export const KERNELGAN_STEPS = 3000;
