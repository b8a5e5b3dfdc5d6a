import { type ImageScore, imageScore } from "../image/metrics/image-metrics.js";
import { photoScore } from "../image/metrics/photo-score.js";
import type { RgbImage } from "../image/rgb-image.js";
import type { BenchmarkSetting } from "../kernel/degradation/benchmark.js";
import type { UpscaleOptions } from "./upscaler.js";

/** How a benchmark's images are upscaled, and compared with the true ones. */
export interface Protocol {
  /** What lies beyond the borders of its images. */
  readonly boundary: NonNullable<UpscaleOptions["boundary"]>;
  score(sr: RgbImage, hr: RgbImage, scale: number): ImageScore;
}

/** The paper's: its images go round, and as many pixels as the scale are left out at each border. */
export const PAPER_PROTOCOL: Protocol = { boundary: "circular", score: imageScore };

/** Of photos as cameras make them. */
const PHOTO: Protocol = { boundary: "natural", score: photoScore };

export function protocolOf(setting: BenchmarkSetting): Protocol {
  return setting === "camera" ? PHOTO : PAPER_PROTOCOL;
}
