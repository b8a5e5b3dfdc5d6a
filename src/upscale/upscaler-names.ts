/** Names of the upscalers: our own network for photos, the paper's network, and a closed-form filter. */
export const UPSCALER_NAMES = ["small", "usrnet", "fast"] as const;

export type UpscalerName = (typeof UPSCALER_NAMES)[number];

/** The upscalers' names in a sentence. */
export const UPSCALER_TITLES: Readonly<Record<UpscalerName, string>> = {
  small: "the network for photos",
  usrnet: "USRNet",
  fast: "the fast upscaler",
};
