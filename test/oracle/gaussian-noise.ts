import { RandomStream } from "../../src/engine/random.js";

/** Standard normal values, as the noise of a seed, a stream and a step has them. */
export function normals(count: number, seed: number, stream: number, step: number): Float64Array {
  const random = new RandomStream(seed, stream, step);
  return Float64Array.from({ length: count }, () => random.normal());
}
