import type { Told } from "./conditions.js";
import { blockCount, FILM_KINDS, type GuidedConfig } from "./layout.js";

/**
 * The convolutions' weights for one image: scales and shifts of channels become part of them, so that they cost nothing where the
 * network runs. Arrays that they do not touch are those given.
 */
export function foldedWeights(
  weights: ReadonlyMap<string, Float32Array>,
  config: GuidedConfig,
  { films }: Told,
): Map<string, Float32Array> {
  const { channels } = config;
  const folded = new Map([...weights].filter(([name]) => !name.startsWith("conditions_")));
  const scale = (name: string, factors: Float32Array, shifts?: Float32Array): void => {
    const weight = weights.get(`${name}.weight`) as Float32Array;
    const bias = weights.get(`${name}.bias`) as Float32Array;
    const row = weight.length / channels;
    folded.set(
      `${name}.weight`,
      weight.map((value, i) => value * (1 + factors[Math.floor(i / row)])),
    );
    folded.set(
      `${name}.bias`,
      bias.map((value, i) => value * (1 + factors[i]) + (shifts?.[i] ?? 0)),
    );
  };
  for (let block = 0; block < blockCount(config); block++) {
    const film = (kind: number): Float32Array => {
      const start = (block * FILM_KINDS + kind) * channels;
      return films.subarray(start, start + channels);
    };
    scale(`first.${block}`, film(0), film(1));
    scale(`second.${block}`, film(2));
  }
  return folded;
}
