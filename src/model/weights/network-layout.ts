import { WeightsError } from "../errors.js";
import { DISCRIMINATOR_CONVOLUTIONS, GAN_TENSORS, GENERATOR_PARAMETERS } from "../gan-layout.js";
import { nameText, shapeText, type WeightFile } from "./weight-file.js";

/** The tensors that a network must have: shape by name. Convolutions are `[out, in, height, width]`. */
export type NetworkLayout = ReadonlyMap<string, readonly number[]>;

/** The generator and the discriminator of MetaKernelGAN, with batch statistics and spectral-norm vectors. */
export const METAKERNELGAN_LAYOUT: NetworkLayout = new Map(metaKernelGanShapes());

/** The small USRNet of the authors: prior network `p`, hyper-parameter network `h`. */
export const USRNET_LAYOUT: NetworkLayout = new Map(usrNetShapes());

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

function usrNetShapes(): NamedShape[] {
  const widths = [16, 32, 64, 64] as const;
  const hyper = 32;
  const outputs = 12;
  const block = (name: string, width: number): NamedShape[] =>
    [0, 2].map((i) => [`${name}.res.${i}.weight`, [width, width, 3, 3]]);
  const down = (level: 1 | 2 | 3): NamedShape[] => [
    ...block(`p.m_down${level}.0`, widths[level - 1] as number),
    ...block(`p.m_down${level}.1`, widths[level - 1] as number),
    [`p.m_down${level}.2.weight`, [widths[level] as number, widths[level - 1] as number, 2, 2]],
  ];
  // A transposed convolution keeps its weights as [in, out, height, width].
  const up = (level: 1 | 2 | 3): NamedShape[] => [
    [`p.m_up${level}.0.weight`, [widths[level] as number, widths[level - 1] as number, 2, 2]],
    ...block(`p.m_up${level}.1`, widths[level - 1] as number),
    ...block(`p.m_up${level}.2`, widths[level - 1] as number),
  ];
  return [
    ["p.m_head.weight", [widths[0], 4, 3, 3]],
    ...down(1),
    ...down(2),
    ...down(3),
    ...block("p.m_body.0", widths[3]),
    ...block("p.m_body.1", widths[3]),
    ...up(3),
    ...up(2),
    ...up(1),
    ["p.m_tail.weight", [3, widths[0], 3, 3]],
    ["h.mlp.0.weight", [hyper, 2, 1, 1]],
    ["h.mlp.0.bias", [hyper]],
    ["h.mlp.2.weight", [hyper, hyper, 1, 1]],
    ["h.mlp.2.bias", [hyper]],
    ["h.mlp.4.weight", [outputs, hyper, 1, 1]],
    ["h.mlp.4.bias", [outputs]],
  ];
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
