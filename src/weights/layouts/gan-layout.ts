import type { ParameterShape } from "../../engine/optimizers/parameters.js";
import { sizeOf } from "../../engine/tensors/tensor.js";

/** The generator's weights: six linear layers without biases. */
export const GENERATOR_PARAMETERS: readonly ParameterShape[] = [
  [64, 1, 7, 7],
  [64, 64, 3, 3],
  [64, 64, 3, 3],
  [64, 64, 1, 1],
  [64, 64, 1, 1],
  [1, 64, 1, 1],
].map((shape, layer) => ({ name: `generator.${layer}.weight`, shape }));

/** The discriminator's convolutions, from the first to the last. */
export const DISCRIMINATOR_CONVOLUTIONS: readonly (readonly number[])[] = [
  [64, 3, 7, 7],
  ...Array.from({ length: 5 }, () => [64, 64, 1, 1]),
  [1, 64, 1, 1],
];

/** The discriminator's trained tensors. */
export const DISCRIMINATOR_PARAMETERS: readonly ParameterShape[] = [
  ...DISCRIMINATOR_CONVOLUTIONS.flatMap((shape, layer) => [
    { name: `discriminator.conv.${layer}.weight_orig`, shape },
    { name: `discriminator.conv.${layer}.bias`, shape: [shape[0] as number] },
  ]),
  ...Array.from({ length: 5 }, (_, layer) => [
    { name: `discriminator.bn.${layer}.weight`, shape: [64] },
    { name: `discriminator.bn.${layer}.bias`, shape: [64] },
  ]).flat(),
];

/** The vectors of the power iterations, which move on with every forward pass but are not trained. */
export const DISCRIMINATOR_VECTORS: readonly ParameterShape[] = DISCRIMINATOR_CONVOLUTIONS.flatMap(
  (shape, layer) => {
    const rows = shape[0] as number;
    return [
      { name: `discriminator.conv.${layer}.weight_u`, shape: [rows] },
      { name: `discriminator.conv.${layer}.weight_v`, shape: [sizeOf(shape) / rows] },
    ];
  },
);

/** Every tensor of both networks. */
export const GAN_TENSORS: readonly ParameterShape[] = [
  ...GENERATOR_PARAMETERS,
  ...DISCRIMINATOR_PARAMETERS,
  ...DISCRIMINATOR_VECTORS,
];
