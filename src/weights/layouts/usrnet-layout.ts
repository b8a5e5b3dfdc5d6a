import type { ParameterShape } from "../../engine/optimizers/parameters.js";

/** The dimensions of a USRNet (Zhang et al., CVPR 2020). */
export interface UsrNetConfig {
  /** Channels of the prior network at each level, from the full resolution down. */
  readonly widths: readonly number[];
  /** Residual blocks of a level, on the way down, in the middle and on the way up. */
  readonly blocks: number;
  /** Unfolded iterations. */
  readonly iterations: number;
  /** What the first iteration starts from: repeated pixels, as the authors do, or {@link fourierGuess}. */
  readonly firstGuess: "nearest" | "fourier";
  /** How α and β come of noise level and scale: by the authors' network, or by polynomials in the noise level. */
  readonly hyper: "network" | "polynomial";
}

/** How the prior network's images and weights lie in memory; sums are of f32 either way. */
export type Precision = "f32" | "f16";

/** Inputs of the prior network: red, green, blue, and the noise level. */
export const PRIOR_INPUTS = 4;

const HYPER_WIDTH = 32;

/** The small USRNet of the authors. */
export const USRNET_TINY: UsrNetConfig = {
  widths: [16, 32, 64, 64],
  blocks: 2,
  iterations: 6,
  firstGuess: "nearest",
  hyper: "network",
};

/** The weights of the prior network, a ResUNet without biases, under the names of the authors' code. */
export function priorShapes({ widths, blocks }: UsrNetConfig): ParameterShape[] {
  const width = (level: number): number => widths[level] as number;
  const levels = widths.slice(1).map((_, i) => i + 1);
  const block = (name: string, channels: number): ParameterShape[] =>
    [0, 2].map((layer) => ({ name: `${name}.res.${layer}.weight`, shape: [channels, channels, 3, 3] }));
  const blocksOf = (name: string, first: number, channels: number): ParameterShape[] =>
    Array.from({ length: blocks }, (_, i) => block(`${name}.${first + i}`, channels)).flat();
  return [
    { name: "p.m_head.weight", shape: [width(0), PRIOR_INPUTS, 3, 3] },
    ...levels.flatMap((level) => [
      ...blocksOf(`p.m_down${level}`, 0, width(level - 1)),
      { name: `p.m_down${level}.${blocks}.weight`, shape: [width(level), width(level - 1), 2, 2] },
    ]),
    ...blocksOf("p.m_body", 0, width(widths.length - 1)),
    // A transposed convolution keeps its weights as [in, out, height, width].
    ...levels
      .toReversed()
      .flatMap((level) => [
        { name: `p.m_up${level}.0.weight`, shape: [width(level), width(level - 1), 2, 2] },
        ...blocksOf(`p.m_up${level}`, 1, width(level - 1)),
      ]),
    { name: "p.m_tail.weight", shape: [3, width(0), 3, 3] },
  ];
}

/** Coefficients of the polynomials of α, then of β, of each iteration. */
export const POLYNOMIALS = "h.polynomials";

/** The weights from which α and β of each iteration come. */
export function hyperShapes({ iterations, hyper }: UsrNetConfig): ParameterShape[] {
  if (hyper === "polynomial") return [{ name: POLYNOMIALS, shape: [2 * iterations, 3] }];
  return [
    { name: "h.mlp.0.weight", shape: [HYPER_WIDTH, 2, 1, 1] },
    { name: "h.mlp.0.bias", shape: [HYPER_WIDTH] },
    { name: "h.mlp.2.weight", shape: [HYPER_WIDTH, HYPER_WIDTH, 1, 1] },
    { name: "h.mlp.2.bias", shape: [HYPER_WIDTH] },
    { name: "h.mlp.4.weight", shape: [2 * iterations, HYPER_WIDTH, 1, 1] },
    { name: "h.mlp.4.bias", shape: [2 * iterations] },
  ];
}
