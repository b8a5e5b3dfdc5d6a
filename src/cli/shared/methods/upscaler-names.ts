/** What can upscale: our own network for photos, the paper's, and a formula. */
export const UPSCALERS = ["small", "usrnet", "fast"] as const;

export type UpscalerName = (typeof UPSCALERS)[number];

const TITLES: Readonly<Record<UpscalerName, string>> = {
  small: "the network for photos",
  usrnet: "USRNet",
  fast: "the fast upscaler",
};

/** An upscaler's name in a sentence. */
export function upscalerTitle(name: UpscalerName): string {
  return TITLES[name];
}
