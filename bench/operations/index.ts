import { CONVOLUTIONS } from "./convolutions.js";
import { ELEMENTWISE } from "./elementwise.js";
import { FOURIER } from "./fourier.js";
import { LINEAR_ALGEBRA } from "./linear-algebra.js";
import type { Operation } from "./operation.js";
import { REARRANGING } from "./rearranging.js";
import { TRAINING } from "./training.js";

/** Every operation that `bench op` times. To add one, add an entry to a list. */
export const OPERATIONS: readonly Operation[] = [
  ...CONVOLUTIONS,
  ...LINEAR_ALGEBRA,
  ...FOURIER,
  ...ELEMENTWISE,
  ...REARRANGING,
  ...TRAINING,
];
