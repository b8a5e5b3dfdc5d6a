import { KERNEL_EXTENT } from "../../model/gan/generator.js";

const SCALE = 30;

/** Width of the rim that is penalized: all that is outside the middle half of the kernel, less one pixel. */
const MARGIN = Math.floor((KERNEL_EXTENT - (Math.floor(KERNEL_EXTENT / 2) + (KERNEL_EXTENT % 2))) / 2) - 1;

/**
 * What a value of the kernel costs at each place: nothing in the middle, and on the rim the more the further it is from
 * the center, as one minus a Gaussian as wide as the kernel. Row by row.
 */
export function boundaryPenalty(): Float32Array {
  const center = (KERNEL_EXTENT - 1) / 2;
  return Float32Array.from({ length: KERNEL_EXTENT ** 2 }, (_, i) => {
    const [row, column] = [Math.floor(i / KERNEL_EXTENT), i % KERNEL_EXTENT];
    const inside = (place: number): boolean => place >= MARGIN && place < KERNEL_EXTENT - MARGIN;
    if (inside(row) && inside(column)) return 0;
    const squared = (row - center) ** 2 + (column - center) ** 2;
    return SCALE * (1 - Math.exp(-squared / (2 * KERNEL_EXTENT ** 2)));
  });
}
