/** Names of the upscalers: a network, and a closed-form filter. */
export const UPSCALER_NAMES = ["usrnet", "fast"] as const;

export type UpscalerName = (typeof UPSCALER_NAMES)[number];

/** The upscalers' names in a sentence. */
export const UPSCALER_TITLES: Readonly<Record<UpscalerName, string>> = {
  usrnet: "USRNet",
  fast: "the fast upscaler",
};
