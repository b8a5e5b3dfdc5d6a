import { adaptation } from "./adaptation.js";
import { generatorByLayers } from "./generator-by-layers.js";
import type { Profile } from "./profile.js";
import { upscaling } from "./upscaling.js";

/** Every program whose kernels are timed. */
export const PROFILES = { adaptation, upscaling, generatorByLayers } satisfies Record<string, Profile>;

export type ProfileName = keyof typeof PROFILES;
