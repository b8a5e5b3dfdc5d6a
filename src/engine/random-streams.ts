/**
 * The stream of each use of {@link RandomStream}, so that no two uses share their numbers under one seed.
 *
 * A number stays as long as shipped weights, fixtures or published benchmarks depend on it. A new use takes
 * the next free number; `test/engine/random-streams.test.ts` holds them unique.
 */
export const RANDOM_STREAMS = {
  /** Random weights of the GAN and of the self-test: plus the tensor's index. */
  ganWeights: 0,
  /** Noise on the discriminator's inputs, drawn on the GPU. */
  discriminatorNoise: 1000,
  /** Patches that an adaptation looks at. */
  patches: 1001,
  metaTask: 1002,
  benchmarkKernel: 1003,
  benchmarkNoise: 1004,
  blurTask: 1005,
  upscalerWeights: 1006,
  upscalerScale: 1007,
  spectralTask: 1008,
  spectralWeights: 1009,
  /** Order of the samples in an epoch, and the symmetries of a step. */
  spectralOrder: 1010,
  /** Shared the benchmark's 1003 until November 2026. */
  validationKernel: 1011,
  /** Shared blurTask's 1005 until November 2026; the shipped usrnet.safetensors was trained with that. */
  upscalerTask: 1012,
  /** Shared discriminatorNoise's 1000 until November 2026. */
  selfTestImage: 1013,
  guidedTask: 1020,
  benchmarkCamera: 1021,
  blurScene: 1022,
  photosPatch: 1023,
  photosWeights: 1024,
  upscalerValidation: 1014,
  /** Random layers of the discriminator's initialization: plus the layer's index. */
  discriminatorInitialization: 2000,
} as const;
