import { automaticSigma, type Uncertainty } from "../sigma/automatic-sigma.js";

/**
 * Noise levels of the two closed-form guesses that our network sees, in 255ths: one that is sharp, and one that stays calm where the
 * estimate is wrong. Which they are matters little (0.03 dB between all sensible pairs, held-out photos); two are 0.15 dB better than one.
 */
export function guessSigmas(uncertainty: Uncertainty): readonly [sharp: number, smooth: number] {
  const sigma = automaticSigma(uncertainty);
  return [Math.max(0.5, sigma), 3 + 1.5 * sigma];
}
