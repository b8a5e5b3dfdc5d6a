import { adaptation } from "./adaptation.js";
import { generatorByLayers } from "./generator-by-layers.js";
import type { Profile } from "./profile.js";
import { upscaling } from "./upscaling.js";

/** Every program whose kernels are timed. */
export const PROFILES = { adaptation, upscaling: upscaling(256), generatorByLayers } satisfies Record<
  string,
  Profile
>;

export type ProfileName = keyof typeof PROFILES;

/** The same with a small picture, for a device that takes minutes for the others. */
export const QUICK_PROFILES: Readonly<Record<ProfileName, Profile>> = {
  ...PROFILES,
  upscaling: upscaling(64),
};
