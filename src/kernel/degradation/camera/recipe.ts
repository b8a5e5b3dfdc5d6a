import type { RandomStream } from "../../../engine/random.js";
import type { BlurShape, LensBlur } from "../../families/blur-shape.js";
import type { BayerPhase } from "./bayer.js";
import type { Demosaic } from "./demosaic.js";
import type { Denoising } from "./finish.js";
import type { CameraRanges } from "./ranges.js";
import type { SensorNoise } from "./sensor-noise.js";

/** Everything that a camera does to a photo, but for the values of its noise. */
export interface CameraRecipe {
  readonly blur: LensBlur;
  readonly phase: BayerPhase;
  readonly noise: SensorNoise;
  readonly demosaic: Demosaic;
  readonly denoising?: Denoising;
  /** Amount of unsharp masking; 0 for none. */
  readonly unsharp: number;
  /** By which factor the picture is made smaller in the end; 1 if it is not. */
  readonly resize: number;
  /** JPEG qualities, one after the other: one or two. */
  readonly qualities: readonly number[];
}

/** Draws a recipe. */
export function drawRecipe(random: RandomStream, ranges: CameraRanges): CameraRecipe {
  const between = ([low, high]: readonly [number, number]): number => random.uniformIn(low, high);
  const chance = (probability: number): boolean => random.uniform() < probability;
  const { denoising, jpeg } = ranges;
  const blur = { shape: drawShape(random, ranges), lens: between(ranges.lens) };
  const phase: BayerPhase = [chance(0.5) ? 1 : 0, chance(0.5) ? 1 : 0];
  const noise = { shot: 10 ** between(ranges.logShot), read: 10 ** between(ranges.logRead) };
  const demosaic = chance(ranges.bilinear) ? "bilinear" : "malvar";
  const denoises = chance(denoising.probability);
  const threshold = between(denoising.threshold);
  const color = between(denoising.color);
  const unsharp = chance(ranges.unsharp.probability) ? between(ranges.unsharp.amount) : 0;
  const resize = chance(ranges.resize.probability) ? between(ranges.resize.factor) : 1;
  const quality = (): number => Math.round(between(jpeg.quality));
  const qualities = chance(jpeg.twice) ? [quality(), quality()] : [quality()];
  return {
    blur,
    phase,
    noise,
    demosaic,
    ...(denoises ? { denoising: { threshold, color } } : {}),
    unsharp,
    resize,
    qualities,
  };
}

/** Draws a shape: as many Gaussians as apertures and as motions. */
export function drawShape(random: RandomStream, ranges: CameraRanges): BlurShape {
  const between = ([low, high]: readonly [number, number]): number => random.uniformIn(low, high);
  const kind = Math.floor(3 * random.uniform());
  const variant = random.uniform() < 0.5;
  const angle = random.uniformIn(0, Math.PI);
  if (kind === 0) return { kind: "gauss", sigmas: [between(ranges.sigma), between(ranges.sigma)], angle };
  if (kind === 2) {
    return {
      kind: "motion",
      length: between(ranges.length),
      angle,
      bend: variant ? between(ranges.bend) : 0,
    };
  }
  const radius = between(ranges.radius);
  if (variant) return { kind: "disk", radius };
  return { kind: "polygon", radius, corners: Math.floor(between(ranges.corners)), angle };
}
