import type { RgbImage } from "../../image/rgb-image.js";
import { wrappedPsf } from "../../kernel/psf-to-otf.js";
import { CONDITIONS, type PictureSample } from "../../train/guided/guided-sample.js";
import { PICTURE_KINDS, type PictureKind } from "../../train/guided/guided-task.js";
import { halfFloats } from "../../weights/half-floats.js";
import { bytesOf, encodeTensors, imageBytes, type SampleTensor } from "./sample-tensors.js";

/** Side of the grid that holds any kernel of a sample. */
const KERNEL_SIDE = 48;

/** A sample, and how it was made. */
export interface ShardEntry {
  readonly sample: PictureSample;
  readonly kind: PictureKind;
  readonly kernelGiven: boolean;
}

/**
 * A file of samples of one size, in the safetensors format:
 * - `small` U8 [N, 3, h, w] and `sharp` U8 [N, 3, H, W]: the images' bytes;
 * - `guesses` F16 [N, 2, 3, H, W];
 * - `kernels` F32 [N, 48, 48]: those of the guesses, their middle on the first pixel, wrapped around, see `wrappedPsf`;
 * - `conditions` F32 [N, 13], whose names are in the metadata;
 * - `kind` U8 [N], an index of the kinds in the metadata, and `given` U8 [N]: 1 if the true kernel was given.
 */
export function encodeShard(entries: readonly ShardEntry[], scale: number): Uint8Array {
  const { small, sharp, guesses } = entries[0].sample;
  const count = entries.length;
  const planes = ({ width, height }: RgbImage): number[] => [3, height, width];
  const tensors: SampleTensor[] = [
    ["small", "U8", [count, ...planes(small)], entries.map(({ sample }) => imageBytes(sample.small))],
    ["sharp", "U8", [count, ...planes(sharp)], entries.map(({ sample }) => imageBytes(sample.sharp))],
    [
      "guesses",
      "F16",
      [count, guesses.length, ...planes(guesses[0])],
      entries.flatMap(({ sample }) => sample.guesses.map(({ data }) => bytesOf(halfFloats(data)))),
    ],
    [
      "kernels",
      "F32",
      [count, KERNEL_SIDE, KERNEL_SIDE],
      entries.map(({ sample }) => bytesOf(wrappedPsf(sample.kernel, KERNEL_SIDE, KERNEL_SIDE))),
    ],
    [
      "conditions",
      "F32",
      [count, CONDITIONS.length],
      entries.map(({ sample }) => bytesOf(Float32Array.from(sample.conditions))),
    ],
    ["kind", "U8", [count], entries.map(({ kind }) => Uint8Array.of(PICTURE_KINDS.indexOf(kind)))],
    ["given", "U8", [count], entries.map(({ kernelGiven }) => Uint8Array.of(kernelGiven ? 1 : 0))],
  ];
  return encodeTensors(tensors, {
    scale: String(scale),
    conditions: CONDITIONS.join(" "),
    kinds: PICTURE_KINDS.join(" "),
  });
}
