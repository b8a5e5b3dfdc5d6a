import { METHOD_NAMES, METHODS, type MethodName } from "../estimate/methods/methods.js";

/** What a comparison can compare: one round Gaussian for all images, the methods, and the true kernel. */
export const COMPARED = ["gaussian", ...METHOD_NAMES, "true"] as const;

export type Compared = (typeof COMPARED)[number];

/** The heading of each column of a comparison. */
export const COMPARED_TITLES: Readonly<Record<Compared, string>> = {
  gaussian: "one round Gaussian",
  ...(Object.fromEntries(METHOD_NAMES.map((name) => [name, METHODS[name].title])) as Record<
    MethodName,
    string
  >),
  true: "true kernel",
};
