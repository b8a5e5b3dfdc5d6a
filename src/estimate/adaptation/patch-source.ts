import type { Engine } from "../../engine/device/engine.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import type { RgbImage } from "../../image/rgb-image.js";

/** Side length of a step's low-resolution patch; the generator halves it. */
export const PATCH_SIZE = 64;

/** Pixels on the GPU from which patches are cropped, and the place of each step's patch in them. */
export interface PatchSource {
  /** [3, H, W] */
  readonly pixels: Tensor;
  /** [steps, 2] of u32: top and left. */
  readonly offsets: Tensor;
}

/**
 * Uploads the pixels of the patches: the whole image, or only the patches, stacked on top of each other, if they have fewer
 * pixels. So an adaptation's memory does not grow with the image.
 * @param corners [steps, 2]: top and left of each patch in the image.
 */
export function uploadPatches(
  engine: Engine,
  image: RgbImage,
  corners: ArrayLike<number>,
  size: number,
): PatchSource {
  const steps = corners.length / 2;
  if (image.width * image.height <= steps * size * size) {
    return {
      pixels: engine.tensor([3, image.height, image.width], { data: image.data, label: "image" }),
      offsets: engine.tensor([steps, 2], { data: Uint32Array.from(corners), label: "offsets" }),
    };
  }
  const stack = new Float32Array(3 * steps * size * size);
  for (let plane = 0; plane < 3; plane++) {
    for (let row = 0; row < steps * size; row++) {
      const step = Math.floor(row / size);
      const top = (corners[2 * step] as number) + (row % size);
      const start = (plane * image.height + top) * image.width + (corners[2 * step + 1] as number);
      stack.set(image.data.subarray(start, start + size), (plane * steps * size + row) * size);
    }
  }
  return {
    pixels: engine.tensor([3, steps * size, size], { data: stack, label: "patches" }),
    offsets: engine.tensor([steps, 2], {
      data: Uint32Array.from({ length: 2 * steps }, (_, i) => (i % 2 ? 0 : (i / 2) * size)),
      label: "offsets",
    }),
  };
}
