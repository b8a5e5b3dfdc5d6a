import type { Alignment } from "../../../kernel/align-kernel.js";
import type { BlurKernel } from "../../../kernel/blur-kernel.js";
import { kernelGrid, medianOffset } from "../../../kernel/metrics/kernel-grid.js";

/** A sentence for the user if true kernels do not lie where estimates are put, with the option that mends it if one does. */
export function gridWarning(
  kernels: readonly BlurKernel[],
  scale: 2 | 4,
  align: Alignment,
): string | undefined {
  const grid = kernelGrid(kernels, scale);
  if (grid === align) return undefined;
  const place = ((align === "photo" ? 1 : -1) * (scale - 1)) / 2;
  const [row, column] = medianOffset(kernels).map((offset) => {
    // Not "-0.00".
    return (Math.round(100 * offset) / 100 + 0).toFixed(2);
  });
  const found = `The true kernels are centered at (${row}, ${column}) pixels from their middle, and estimates at (${place}, ${place})`;
  const mend = grid
    ? `give --align ${grid}`
    : "no --align fits; move the kernels, or scores count the shift as an error";
  return `${found}: ${mend}.`;
}
