import { WeightsError } from "../errors.js";
import { METAKERNELGAN_LAYOUT, USRNET_LAYOUT } from "../layouts/network-layout.js";
import { checkLayout } from "../layouts/require-tensors.js";
import { parseSafetensors } from "../safetensors.js";
import { namesText, unwrapWeights } from "../unwrap.js";
import type { WeightFile, WeightTensor } from "../weight-file.js";
import { sniffWeightFormat, type WeightFormat } from "../weight-format.js";
import { parsePyTorch } from "./pytorch.js";

const SOURCES: Readonly<Record<WeightFormat, string>> = {
  safetensors: "safetensors file",
  "pytorch-zip": "PyTorch checkpoint (zip)",
  "pytorch-legacy": "PyTorch checkpoint (legacy)",
};

const EXPECTED =
  "expected MetaKernelGAN's latest.pt, USRNet-tiny's usrnet_tiny.pth, or a .safetensors file of either network";

/**
 * Reads the weights of MetaKernelGAN or of USRNet-tiny from the authors' files or from a safetensors file. The kind
 * is recognized by content, the authors' names are mapped to this package's, and anything that is not a weight (the optimizer's
 * state, counts of batches) is left out.
 * @returns the tensors of `METAKERNELGAN_LAYOUT` or `USRNET_LAYOUT`, all of them and no others, in that
 *   order; metadata `format` (`"metakernelgan"` or `"usrnet"`) and `source`, next to that of a safetensors file.
 * @throws {WeightsError} if the file is damaged, could run code, or holds neither network.
 */
export function importCheckpoint(bytes: Uint8Array): WeightFile {
  const format = sniffWeightFormat(bytes);
  if (!format) throw new WeightsError(`The file is not a weights file; ${EXPECTED}.`);
  const read = format === "safetensors" ? parseSafetensors(bytes) : parsePyTorch(bytes);
  const file = unwrapWeights(read, (name) => (metaKernelGanName(name) ?? usrNetName(name)) !== undefined);
  const metadata = { source: SOURCES[format], ...file.metadata };

  const kernelGan = rename(file, metaKernelGanName);
  if (kernelGan.size > 0) {
    const result = { tensors: kernelGan, metadata: { ...metadata, format: "metakernelgan" } };
    checkLayout(result, METAKERNELGAN_LAYOUT, "MetaKernelGAN");
    return inOrder(result, METAKERNELGAN_LAYOUT);
  }
  const usrNet = rename(file, usrNetName);
  if (usrNet.size > 0) {
    const result = { tensors: usrNet, metadata: { ...metadata, format: "usrnet" } };
    checkLayout(result, USRNET_LAYOUT, "USRNet-tiny");
    return inOrder(result, USRNET_LAYOUT);
  }
  throw new WeightsError(
    `The file has ${read.tensors.size} tensors${read.tensors.size > 0 ? ` (${namesText(read.tensors)})` : ""} but none of a network known here; ${EXPECTED}.`,
  );
}

/** The tensors to which `newName` gives a name. */
function rename(
  file: WeightFile,
  newName: (name: string) => string | undefined,
): ReadonlyMap<string, WeightTensor> {
  const renamed = new Map<string, WeightTensor>();
  for (const [name, tensor] of file.tensors) {
    const mapped = newName(name);
    if (mapped === undefined) continue;
    if (renamed.has(mapped)) throw new WeightsError(`The file has two tensors for ${mapped}; ${EXPECTED}.`);
    renamed.set(mapped, tensor);
  }
  return renamed;
}

function inOrder(file: WeightFile, layout: ReadonlyMap<string, unknown>): WeightFile {
  const tensors = [...layout.keys()].map((name) => [name, file.tensors.get(name)] as [string, WeightTensor]);
  return { tensors: new Map(tensors), metadata: file.metadata };
}

/** The name of a tensor of USRNet, which is ours and the authors'; undefined for all others. */
function usrNetName(name: string): string | undefined {
  return /^[ph]\.m/.test(name) ? name : undefined;
}

/** Our name for a tensor of MetaKernelGAN, given the authors' name or our own; undefined for all others. */
function metaKernelGanName(name: string): string | undefined {
  if (/^(generator|discriminator)\./.test(name)) return name;
  const [, network, layer] = /^models\.(downsampling|discriminator)\.(?:module\.)?(.+)$/.exec(name) ?? [];
  if (network === undefined || layer === undefined) return undefined;
  if (network === "downsampling") return `generator.${layer.replace(/^downscale\./, "")}`;
  return `discriminator.${discriminatorLayer(layer)}`;
}

/** Their discriminator: a first conv; five times conv, norm and ReLU in one list of 15; a final conv. */
function discriminatorLayer(layer: string): string {
  return layer
    .replace(/^first_layer\./, "conv.0.")
    .replace(/^final_layer\.0\./, "conv.6.")
    .replace(/^feature_block\.(\d+)\./, (_, digits: string) => {
      const index = Number(digits);
      const block = Math.floor(index / 3);
      return index % 3 === 0 ? `conv.${block + 1}.` : `bn.${block}.`;
    });
}
