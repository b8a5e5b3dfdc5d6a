import type { CommonSettings, Schedule } from "../training.js";

/** Settings of the spectral network's training; with the images, everything that its numbers depend on. */
export interface SpectralSettings extends CommonSettings {
  /** Upscaling that the estimates are for. */
  readonly scale: 2 | 4;
  /** Degraded images that are measured. */
  readonly samples: number;
  readonly holdOut: number;
}

/** Steps learn from each sample about fifteen times. */
export const SPECTRAL_DEFAULTS: SpectralSettings & Schedule = {
  seed: 0,
  rate: 1e-3,
  batch: 64,
  scale: 2,
  samples: 60_000,
  holdOut: 0,
  steps: 14_055,
  checkpointEvery: 1000,
  logEvery: 100,
  validateEvery: 1000,
  validateSteps: 1,
};
