/** What a training of the spectral network is told; with the photos, it determines the weights. */
export interface SpectralTrainingOptions {
  /** For which upscaling. */
  readonly scale: 2 | 4;
  readonly seed: number;
  /** How many degraded images are measured. */
  readonly samples: number;
  /** How often each of them is learned from. */
  readonly epochs: number;
  /** Of Adam, at its highest. */
  readonly rate: number;
}

export const SPECTRAL_DEFAULTS: SpectralTrainingOptions = {
  scale: 2,
  seed: 0,
  samples: 60_000,
  epochs: 15,
  rate: 1e-3,
};
