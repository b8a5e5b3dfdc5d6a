import { DISCRIMINATOR_CONVOLUTIONS, GAN_TENSORS, GENERATOR_PARAMETERS } from "./gan-layout.js";
import type { NetworkLayout } from "./require-tensors.js";
import { hyperShapes, priorShapes, USRNET_TINY } from "./usrnet-layout.js";

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
