import { type ImageScore, imageScore } from "../image/metrics/image-metrics.js";
import { photoScore } from "../image/metrics/photo-score.js";
import type { RgbImage } from "../image/rgb-image.js";
import type { BenchmarkSetting } from "../kernel/degradation/benchmark.js";
import type { UpscaleOptions } from "../upscale/upscaler.js";

/** How the images of a benchmark are upscaled and scored. */
export interface Protocol {
  /** Whether true kernels have any odd size and lie on the natural grid, as those of photos do. */
  readonly naturalGrid: boolean;
  /** What lies beyond the borders of the images. */
  readonly boundary: NonNullable<UpscaleOptions["boundary"]>;
  /** Scores an upscaled image against the true one. */
  score(sr: RgbImage, hr: RgbImage, scale: number): ImageScore;
}

/** The paper's protocol: images wrap around, and as many pixels as the scale are left out at each border. */
export const PAPER_PROTOCOL: Protocol = {
  naturalGrid: false,
  boundary: "circular",
  score: imageScore,
};

/** The protocol for photos as cameras make them. */
const PHOTO: Protocol = { naturalGrid: true, boundary: "natural", score: photoScore };

/** The protocol of a setting. */
export function protocolOf(setting: BenchmarkSetting): Protocol {
  return setting === "camera" ? PHOTO : PAPER_PROTOCOL;
}
