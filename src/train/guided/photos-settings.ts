import type { CommonSettings, Schedule } from "../training.js";

/** What weights are for: all photos, photos taken by a camera, or the rest. */
export const LEARNED_PHOTOS = ["all", "camera", "other"] as const;
export type LearnedPhotos = (typeof LEARNED_PHOTOS)[number];

/** Settings of the network for photos; with the samples, everything that its numbers depend on. */
export interface PhotosSettings extends CommonSettings {
  readonly scale: 2 | 4;
  readonly channels: number;
  /** Residual blocks of each stage. */
  readonly blocks: readonly number[];
  readonly photos: LearnedPhotos;
  /** Side in pixels of the small image's patches. */
  readonly patch: number;
  /** The same for the last fifth of the steps. */
  readonly latePatch: number;
  /** Steps during which the rate rises to its highest. */
  readonly warmUp: number;
}

/** Sides of patches are at least this: their rims are not learned from. */
export const MIN_PATCH = 16;

export const PHOTOS_DEFAULTS: PhotosSettings & Schedule = {
  seed: 0,
  rate: 1e-3,
  batch: 8,
  scale: 2,
  channels: 32,
  blocks: [6, 1],
  photos: "all",
  patch: 64,
  latePatch: 96,
  warmUp: 200,
  steps: 20_000,
  checkpointEvery: 200,
  logEvery: 100,
  validateEvery: 1000,
  validateSteps: 1,
};
