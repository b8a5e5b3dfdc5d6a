import { FEATURES, writeFeatures } from "../../model/spectral/features.js";
import { HIDDEN } from "../../model/spectral/network-shapes.js";
import { SYMMETRIES } from "../../model/spectral/symmetries.js";
import type { SpectralSamples } from "./spectral-samples.js";

/** Mean and standard deviation of each feature. */
export interface Standardization {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/** Keeps features that hardly vary from being blown up. */
const MIN_DEVIATION = 1e-3;

/** Mean and deviation of the features over the samples in all their symmetries. */
export function standardizationOf(samples: SpectralSamples): Standardization {
  const mean = new Float64Array(FEATURES);
  const square = new Float64Array(FEATURES);
  const features = new Float32Array(FEATURES);
  for (let number = 0; number < samples.count; number++) {
    for (const symmetry of SYMMETRIES) {
      writeFeatures(samples.get(number).spectrum, symmetry, features, 0, 1);
      for (let i = 0; i < FEATURES; i++) {
        mean[i] += features[i];
        square[i] += features[i] ** 2;
      }
    }
  }
  const count = samples.count * SYMMETRIES.length;
  const deviation = square.map((sum, i) => {
    mean[i] /= count;
    return Math.max(MIN_DEVIATION, Math.sqrt(Math.max(0, sum / count - mean[i] ** 2)));
  });
  return { mean, deviation };
}

/**
 * The weights for plain features instead of standardized ones: W / deviation, bias − W · mean / deviation.
 */
export function foldIntoFirstLayer(
  values: ReadonlyMap<string, Float32Array>,
  { mean, deviation }: Standardization,
): Map<string, Float32Array> {
  return withFirstLayer(values, (weight, i) => {
    const folded = weight / deviation[i];
    return [folded, -folded * mean[i]];
  });
}

/** The weights for standardized features instead of plain ones: W · deviation, bias + W · mean. */
export function unfoldFromFirstLayer(
  values: ReadonlyMap<string, Float32Array>,
  { mean, deviation }: Standardization,
): Map<string, Float32Array> {
  return withFirstLayer(values, (weight, i) => [weight * deviation[i], weight * mean[i]]);
}

/** @param convert gives the new weight of a feature, and what its old one adds to the bias. */
function withFirstLayer(
  values: ReadonlyMap<string, Float32Array>,
  convert: (weight: number, feature: number) => readonly [weight: number, toBias: number],
): Map<string, Float32Array> {
  const weights = (values.get("layer1.weight") as Float32Array).slice();
  const bias = (values.get("layer1.bias") as Float32Array).slice();
  for (let row = 0; row < HIDDEN[0]; row++) {
    let shift = 0;
    for (let i = 0; i < FEATURES; i++) {
      const place = row * FEATURES + i;
      const [weight, toBias] = convert(weights[place], i);
      weights[place] = weight;
      shift += toBias;
    }
    bias[row] += shift;
  }
  return new Map(values).set("layer1.weight", weights).set("layer1.bias", bias);
}
