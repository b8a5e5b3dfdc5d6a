type Range = readonly [low: number, high: number];

/** From which ranges a camera's recipes are drawn. Lengths are in pixels of the large image. */
export interface CameraRanges {
  /** Standard deviations of the Gaussians. */
  readonly sigma: Range;
  /** Radii of disks and polygons, and how many corners the latter have: the upper bound is not reached. */
  readonly radius: Range;
  readonly corners: Range;
  /** Lengths of motions, and by how much the bent half of them turn, in radians. */
  readonly length: Range;
  readonly bend: Range;
  /** Standard deviations of the lens's Gaussian. */
  readonly lens: Range;
  /** Decimal logarithms of the shot noise's variance at white, and of the read noise's standard deviation. */
  readonly logShot: Range;
  readonly logRead: Range;
  /** Part of the photos that are demosaiced bilinearly. */
  readonly bilinear: number;
  readonly denoising: { readonly probability: number; readonly threshold: Range; readonly color: Range };
  readonly unsharp: { readonly probability: number; readonly amount: Range };
  readonly resize: { readonly probability: number; readonly factor: Range };
  readonly jpeg: { readonly quality: Range; readonly twice: number };
}

/** What the benchmark's photos are made with. */
export const TEST_RANGES: CameraRanges = {
  sigma: [0.6, 2.4],
  radius: [0.8, 3.6],
  corners: [5, 9],
  length: [2, 10],
  bend: [0.3, 1.5],
  lens: [0.4, 0.8],
  logShot: [-3.8, -2.3],
  logRead: [-3.4, -2.2],
  bilinear: 0.2,
  denoising: { probability: 0.3, threshold: [0.005, 0.02], color: [0.7, 1.5] },
  unsharp: { probability: 0.3, amount: [0.2, 0.6] },
  resize: { probability: 0.15, factor: [0.5, 0.95] },
  jpeg: { quality: [60, 98], twice: 0.15 },
};

/** What networks learn from: wider on all sides. */
export const TRAINING_RANGES: CameraRanges = {
  ...TEST_RANGES,
  sigma: [0.4, 2.9],
  radius: [0.6, 4.2],
  length: [1, 12],
  bend: [0.2, 2],
  lens: [0.3, 0.95],
  logShot: [-4.4, -2.1],
  logRead: [-3.8, -2],
  denoising: { probability: 0.35, threshold: [0.003, 0.03], color: [0.6, 2] },
  unsharp: { probability: 0.35, amount: [0.1, 0.8] },
  resize: { probability: 0.2, factor: [0.5, 1] },
  jpeg: { quality: [30, 98], twice: 0.2 },
};
