/** What can upscale: a network, and a formula. */
export const UPSCALERS = ["usrnet", "fast"] as const;

export type UpscalerName = (typeof UPSCALERS)[number];

const TITLES: Readonly<Record<UpscalerName, string>> = { usrnet: "USRNet", fast: "the fast upscaler" };

/** An upscaler's name in a sentence. */
export function upscalerTitle(name: UpscalerName): string {
  return TITLES[name];
}
