import { type ImageScore, imageScore } from "../image/metrics/image-metrics.js";
import { photoScore } from "../image/metrics/photo-score.js";
import type { RgbImage } from "../image/rgb-image.js";
import type { Alignment } from "../kernel/align-kernel.js";
import type { BenchmarkSetting } from "../kernel/degradation/benchmark.js";
import type { UpscaleOptions } from "../upscale/upscaler.js";

/** How the images of a benchmark are upscaled and scored. */
export interface Protocol {
  /** Where true kernels lie; estimates are moved there. "photo" is the natural grid. */
  readonly align: Alignment;
  /** What lies beyond the borders of the images. */
  readonly boundary: NonNullable<UpscaleOptions["boundary"]>;
  /** Scores an upscaled image against the true one. */
  score(sr: RgbImage, hr: RgbImage, scale: number): ImageScore;
}

/** The paper's protocol: images wrap around, and as many pixels as the scale are left out at each border. */
export const PAPER_PROTOCOL: Protocol = {
  align: "paper",
  boundary: "circular",
  score: imageScore,
};

/** The protocol for photos as cameras make them. */
const PHOTO: Protocol = { align: "photo", boundary: "natural", score: photoScore };

/** KernelGAN's: kernels on the natural grid of images that do not wrap around. */
const DIV2KRK: Protocol = { ...PAPER_PROTOCOL, align: "photo", boundary: "natural" };

/** The protocols of settings that are not the paper's. */
const PROTOCOLS: Partial<Readonly<Record<BenchmarkSetting, Protocol>>> = { camera: PHOTO, divkrk: DIV2KRK };

/**
 * The protocol of a setting.
 * @param align the grid of the true kernels; the setting's unless given. Who puts kernels on the natural grid does not wrap images
 *   around, either.
 */
export function protocolOf(setting: BenchmarkSetting, align?: Alignment): Protocol {
  const protocol = PROTOCOLS[setting] ?? PAPER_PROTOCOL;
  if (align === undefined || align === protocol.align) return protocol;
  return { ...protocol, align, boundary: align === "photo" ? "natural" : "circular" };
}
