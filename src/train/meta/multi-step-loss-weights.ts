/** Outer steps over which the weights move from equal to almost all on the last evaluation. */
const SHIFT_STEPS = 10_000 / 3;

/** Share of 1/n that an evaluation keeps in the end. */
const FLOOR = 0.03;

/**
 * Weights of n meta-losses at an outer step, with sum 1: equal at first, later nearly all on the last, so
 * that the initialization first learns to improve at every stage and then for the end of the inner loop
 * (MetaKernelGAN, section 3.2, after MAML++).
 */
export function multiStepLossWeights(step: number, n: number): number[] {
  const decay = 1 / n / SHIFT_STEPS;
  const early = Math.max(1 / n - step * decay, FLOOR / n);
  const last = Math.min(1 / n + step * (n - 1) * decay, 1 - ((n - 1) * FLOOR) / n);
  return Array.from({ length: n }, (_, i) => (i < n - 1 ? early : last));
}
