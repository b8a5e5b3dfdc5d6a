import type { CommonSettings, Schedule } from "../training.js";

/** The side of a patch in pixels is a multiple of this, so that patches begin where a binding may. */
export const SIZE_MULTIPLE = 32;

/** Settings of an upscaler's training; with the images, everything that its numbers depend on. */
export interface UpscalerSettings extends CommonSettings {
  /** Side length of a sharp patch in pixels. */
  readonly size: number;
  readonly holdOut: number;
}

/** The settings of the network that the package brings. */
export const UPSCALER_DEFAULTS: UpscalerSettings & Schedule = {
  seed: 0,
  rate: 2e-3,
  batch: 4,
  size: 64,
  holdOut: 0,
  steps: 6000,
  checkpointEvery: 100,
  logEvery: 10,
  validateEvery: 500,
  validateSteps: 1,
};
