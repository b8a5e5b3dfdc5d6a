/** Settings of a training. */
export interface UpscalerTrainingOptions {
  readonly seed: number;
  /** Patches of a step. */
  readonly batch: number;
  /** Side length of a sharp patch: a multiple of 32, so that patches begin where a binding may. */
  readonly size: number;
  /** Rate of Adam, which falls to nothing over the steps like half a cosine. */
  readonly rate: number;
  /** All steps of the training, from the first. */
  readonly steps: number;
}

/** The settings of the network that the package brings. */
export const UPSCALER_DEFAULTS: UpscalerTrainingOptions = {
  steps: 6000,
  seed: 0,
  rate: 2e-3,
  batch: 4,
  size: 64,
};
