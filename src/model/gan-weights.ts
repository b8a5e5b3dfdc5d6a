import { RandomStream } from "../engine/random.js";
import { sizeOf } from "../engine/tensor.js";
import { DISCRIMINATOR_PARAMETERS, DISCRIMINATOR_VECTORS } from "./discriminator.js";
import { WeightsError } from "./errors.js";
import { GENERATOR_PARAMETERS } from "./generator.js";
import type { WeightFile } from "./weights/weight-file.js";

/** A start for the adaptation: every tensor of generator and discriminator by name. */
export type GanWeights = ReadonlyMap<string, Float32Array>;

/** Every tensor of both networks. */
export const ganShapes = [...GENERATOR_PARAMETERS, ...DISCRIMINATOR_PARAMETERS, ...DISCRIMINATOR_VECTORS];

/**
 * Picks generator and discriminator out of a weights file.
 * @throws {WeightsError} naming the first tensor that is missing or has the wrong shape.
 */
export function ganWeights(file: WeightFile): GanWeights {
  return new Map(
    ganShapes.map(({ name, shape }) => {
      const tensor = file.tensors.get(name);
      if (!tensor) {
        throw new WeightsError(
          `The weights file has no tensor ${name}: it is not a MetaKernelGAN start; use one that metakernelgan wrote or imported.`,
        );
      }
      if (tensor.shape.join() !== shape.join()) {
        throw new WeightsError(
          `Tensor ${name} of the weights file has shape [${tensor.shape}] instead of [${shape}]: the file is for another network.`,
        );
      }
      return [name, tensor.data];
    }),
  );
}

/**
 * A start without training, as KernelGAN draws it (Bell-Kligler et al. 2019): Xavier normal with gain 0.1 for the
 * convolutions, no bias, BatchNorm scales around 1.
 */
export function randomGanWeights(seed: number): GanWeights {
  return new Map(
    ganShapes.map(({ name, shape }, stream) => {
      const random = new RandomStream(seed, stream);
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
 * A start for meta-training: each convolution uniform within ±1/√(its inputs), BatchNorm at 1 and 0, as the authors start.
 */
export function untrainedGanWeights(seed: number): GanWeights {
  let bound = 0;
  return new Map(
    ganShapes.map(({ name, shape }, stream) => {
      const random = new RandomStream(seed, stream);
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
