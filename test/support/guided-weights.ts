import { RandomStream } from "../../src/engine/random.js";
import { type GuidedConfig, guidedShapes } from "../../src/model/guided/layout.js";
import type { WeightFile } from "../../src/weights/weight-file.js";

/** A guided network of random weights, small enough that the picture stays one. */
export function randomGuidedWeights(config: GuidedConfig, seed: number): WeightFile {
  const random = new RandomStream(seed, 1);
  const tensors = new Map(
    [...guidedShapes(config)].map(([name, shape]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      const inputs = shape.length > 1 ? size / (shape[0] as number) : 100;
      const data = Float32Array.from({ length: size }, () => random.normal() / (2 * Math.sqrt(inputs)));
      return [name, { shape, data }];
    }),
  );
  const numbers = Object.entries(config).map(([name, value]) => [name, String(value)]);
  return { tensors, metadata: { ...Object.fromEntries(numbers), format: "guided-upscaler" } };
}
