/** Weights of KernelGAN's losses at a step, beside the adversarial one, which has 1. */
export interface KernelGanWeights {
  readonly bicubic: number;
  readonly sumToOne: number;
  readonly boundaries: number;
  readonly sparsity: number;
  readonly center: number;
}

/** Steps between two changes of the weights. */
const PERIOD = 200;

/** The bicubic loss fades by this much in each period, but not below its smallest weight. */
const FADE = 100;
const BICUBIC = { first: 5, smallest: 5e-6 };

/** From this period on the bicubic loss is so faint that sparsity and center take its place. */
const CONSTRAINED_FROM = 2;

/** The learning rate falls to a tenth after so many steps each. */
const RATE_PERIOD = 750;
const RATE = 2e-4;

/**
 * KernelGAN's weights at a step (Bell-Kligler et al. 2019, section 4.2, and the published implementation): the generator
 * is first held to bicubic downscaling, then let go and held to a sparse, centered kernel. The published code starts its
 * clock when the bicubic loss is small; here that is taken to be within the first period.
 */
export function kernelGanWeights(step: number): KernelGanWeights {
  const period = Math.floor(step / PERIOD);
  const constrained = period >= CONSTRAINED_FROM;
  return {
    bicubic: Math.max(BICUBIC.first / FADE ** period, BICUBIC.smallest),
    sumToOne: 0.5,
    boundaries: 0.5,
    sparsity: constrained ? 5 : 0,
    center: constrained ? 1 : 0,
  };
}

/** KernelGAN's learning rate of Adam at a step, for both networks. */
export function kernelGanRate(step: number): number {
  return RATE / 10 ** Math.floor(step / RATE_PERIOD);
}
