import type { ParameterShape } from "../../engine/optimizers/parameters.js";
import { FEATURES } from "./features.js";

/** Widths of the hidden layers. */
export const HIDDEN = [256, 128] as const;

/** Rows of the first network's result; products on a GPU need a multiple of four, so the last rows are unused. */
export const OUTPUTS = 8;

/** Names and shapes of fully connected layers' weights: `prefix1.weight` [out, in], `prefix1.bias` [out], …. */
export function layerShapes(prefix: string, widths: readonly number[]): ParameterShape[] {
  return widths.slice(1).flatMap((width, i) => [
    { name: `${prefix}${i + 1}.weight`, shape: [width, widths[i]] },
    { name: `${prefix}${i + 1}.bias`, shape: [width] },
  ]);
}

/** Names and shapes of the first network's weights. */
export const NETWORK_SHAPES = layerShapes("layer", [FEATURES, ...HIDDEN, OUTPUTS]);
