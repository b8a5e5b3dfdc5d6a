import { RandomStream } from "../../engine/random.js";
import { RANDOM_STREAMS } from "../../engine/random-streams.js";
import { sizeOf } from "../../engine/tensors/tensor.js";
import { GAN_TENSORS } from "../../weights/layouts/gan-layout.js";
import { requireTensors } from "../../weights/layouts/require-tensors.js";
import type { WeightFile } from "../../weights/weight-file.js";

/** Weights for an adaptation: every tensor of generator and discriminator by name. */
export type GanWeights = ReadonlyMap<string, Float32Array>;

/**
 * Picks generator and discriminator out of a weights file.
 * @throws {WeightsError} naming the first tensor that is missing or has the wrong shape.
 */
export function ganWeights(file: WeightFile): GanWeights {
  requireTensors(file, new Map(GAN_TENSORS.map(({ name, shape }) => [name, shape])), "MetaKernelGAN");
  return new Map(GAN_TENSORS.map(({ name }) => [name, file.tensors.get(name)?.data as Float32Array]));
}

/**
 * Random weights as KernelGAN draws them (Bell-Kligler et al. 2019): Xavier normal with gain 0.1 for the
 * convolutions, no bias, BatchNorm scales around 1.
 */
export function randomGanWeights(seed: number): GanWeights {
  return new Map(
    GAN_TENSORS.map(({ name, shape }, index) => {
      const random = new RandomStream(seed, RANDOM_STREAMS.ganWeights + index);
      const [rows = 0, columns = 1, height = 1, width = 1] = shape;
      const fan = (rows + columns) * height * width;
      const draw = (mean: number, deviation: number): Float32Array =>
        Float32Array.from({ length: sizeOf(shape) }, () => mean + deviation * random.normal());
      if (/weight_[uv]$/.test(name)) return [name, unit(draw(0, 1))];
      if (name.endsWith("bias")) return [name, draw(0, 0)];
      if (name.includes(".bn.")) return [name, draw(1, 0.02)];
      return [name, draw(0, 0.1 * Math.sqrt(2 / fan))];
    }),
  );
}

/**
 * Random weights for meta-training, as the authors draw them: each convolution uniform within ±1/√(its inputs), BatchNorm
 * at 1 and 0.
 */
export function untrainedGanWeights(seed: number): GanWeights {
  let bound = 0;
  return new Map(
    GAN_TENSORS.map(({ name, shape }, index) => {
      const random = new RandomStream(seed, RANDOM_STREAMS.ganWeights + index);
      const draw = (next: () => number): Float32Array => Float32Array.from({ length: sizeOf(shape) }, next);
      if (/weight_[uv]$/.test(name)) return [name, unit(draw(() => random.normal()))];
      if (name.includes(".bn.")) return [name, draw(() => (name.endsWith("weight") ? 1 : 0))];
      // A bias follows its weight in the list, and shares its bound.
      if (!name.endsWith("bias")) bound = 1 / Math.sqrt(sizeOf(shape.slice(1)));
      return [name, draw(() => random.uniformIn(-bound, bound))];
    }),
  );
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
