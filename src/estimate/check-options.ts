import { EstimateError } from "./errors.js";
import type { EstimateOptions } from "./kernel-estimator.js";

/** @throws {EstimateError} if an option that all methods share is out of its range. */
export function checkOptions({ steps = 0, seed = 0, snapshotEvery = 1 }: EstimateOptions): void {
  if (!Number.isInteger(steps) || steps < 0) {
    throw new EstimateError(`Steps must be a whole number from 0 up; got ${steps}.`);
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new EstimateError(`The seed must be a whole number from 0 to 4294967295; got ${seed}.`);
  }
  if (!(snapshotEvery > 0)) {
    throw new EstimateError(`The steps between snapshots must be more than 0; got ${snapshotEvery}.`);
  }
}
