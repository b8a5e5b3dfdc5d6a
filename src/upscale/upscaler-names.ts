/** Names of the upscalers: our own network for photos in two sizes, the paper's network, and a closed-form filter. */
export const UPSCALER_NAMES = ["small", "large", "usrnet", "fast"] as const;

export type UpscalerName = (typeof UPSCALER_NAMES)[number];

/** Those with weights for pages, where the large network's would be too much to fetch. */
export const PAGE_UPSCALER_NAMES = ["small", "usrnet", "fast"] as const;

export type PageUpscalerName = (typeof PAGE_UPSCALER_NAMES)[number];

/** The upscalers' names in a sentence. */
export const UPSCALER_TITLES: Readonly<Record<UpscalerName, string>> = {
  small: "the network for photos",
  large: "the large network for photos",
  usrnet: "USRNet",
  fast: "the fast upscaler",
};
