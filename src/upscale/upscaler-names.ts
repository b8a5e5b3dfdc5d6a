/** Names of the upscalers that can be embedded: our own network for photos, the paper's network, and a closed-form filter. */
export const UPSCALER_NAMES = ["small", "usrnet", "fast"] as const;

export type UpscalerName = (typeof UPSCALER_NAMES)[number];

/** Names of the upscalers of the command line: also our network for photos in four orientations, averaged. */
export const MODEL_NAMES = ["small", "large", "usrnet", "fast"] as const;

export type ModelName = (typeof MODEL_NAMES)[number];

/** The upscalers' names in a sentence. */
export const UPSCALER_TITLES: Readonly<Record<ModelName, string>> = {
  small: "the network for photos",
  large: "the network for photos in four orientations",
  usrnet: "USRNet",
  fast: "the fast upscaler",
};
