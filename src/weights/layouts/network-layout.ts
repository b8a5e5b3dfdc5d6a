import { WeightsError } from "../errors.js";
import { nameText, shapeText, type WeightFile } from "../weight-file.js";
import { DISCRIMINATOR_CONVOLUTIONS, GAN_TENSORS, GENERATOR_PARAMETERS } from "./gan-layout.js";
import { hyperShapes, priorShapes, USRNET_TINY } from "./usrnet-layout.js";

/** The tensors that a network must have: shape by name. Convolutions are `[out, in, height, width]`. */
export type NetworkLayout = ReadonlyMap<string, readonly number[]>;

/** The generator and the discriminator of MetaKernelGAN, with batch statistics and spectral-norm vectors. */
export const METAKERNELGAN_LAYOUT: NetworkLayout = new Map(metaKernelGanShapes());

/** The small USRNet of the authors: prior network `p`, hyper-parameter network `h`. */
export const USRNET_LAYOUT: NetworkLayout = new Map(
  [...priorShapes(USRNET_TINY), ...hyperShapes(USRNET_TINY)].map(({ name, shape }) => [name, shape]),
);

type NamedShape = [name: string, shape: readonly number[]];

function metaKernelGanShapes(): NamedShape[] {
  const shapes = new Map(GAN_TENSORS.map(({ name, shape }) => [name, shape]));
  const named = (name: string): NamedShape => [name, shapes.get(name) as readonly number[]];
  const convolutions = DISCRIMINATOR_CONVOLUTIONS.flatMap((_, i) =>
    ["weight_orig", "bias", "weight_u", "weight_v"].map((part) => named(`discriminator.conv.${i}.${part}`)),
  );
  // The running averages are in the authors' files, but no batch norm here uses them.
  const norms = Array.from({ length: 5 }, (_, i): NamedShape[] => {
    const norm = `discriminator.bn.${i}`;
    const [, shape] = named(`${norm}.weight`);
    return ["weight", "bias", "running_mean", "running_var"].map((part) => [`${norm}.${part}`, shape]);
  });
  return [...GENERATOR_PARAMETERS.map(({ name }) => named(name)), ...convolutions, ...norms.flat()];
}

/**
 * Checks that a file holds the tensors of a network; it may hold others too.
 * @param network the network's name for the message.
 * @throws {WeightsError} naming the first tensor that is missing or is of another shape.
 */
export function requireTensors(file: WeightFile, layout: NetworkLayout, network: string): void {
  for (const [name, shape] of layout) {
    const tensor = file.tensors.get(name);
    if (!tensor) {
      throw new WeightsError(
        `The weights file lacks tensor ${nameText(name)} of ${network}; it is damaged or for another network, so give the weights of ${network}.`,
      );
    }
    if (shapeText(tensor.shape) !== shapeText(shape)) {
      throw new WeightsError(
        `Tensor ${nameText(name)} has the shape ${shapeText(tensor.shape)} and ${network} needs ${shapeText(shape)}; give the weights of ${network}.`,
      );
    }
  }
}

/**
 * Checks that a file holds exactly the tensors of a network.
 * @param network the network's name for the message.
 * @throws {WeightsError} naming the first tensor that is missing, is of another shape, or does not belong.
 */
export function checkLayout(file: WeightFile, layout: NetworkLayout, network: string): void {
  requireTensors(file, layout, network);
  const stranger = [...file.tensors.keys()].find((name) => !layout.has(name));
  if (stranger !== undefined) {
    throw new WeightsError(
      `The weights file has tensor ${nameText(stranger)}, which ${network} does not; it is for another network, so give the weights of ${network}.`,
    );
  }
}
