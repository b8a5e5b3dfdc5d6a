/** A file of weights that comes with the package. */
export interface PackagedModel {
  /** Where it lies; fails where the code does not know its own address, as in a script that is no module. */
  readonly url: () => URL;
  readonly bytes: number;
  /** Of the file, the first 32 hexadecimal digits: they tell files apart as well, and every page holds them. */
  readonly sha256: string;
}

/** Names of the weights that {@link createUpscaler} may load; the files end in `.safetensors`. */
export type ModelName = "small-x2" | "small-x4" | "spectral-x2" | "spectral-x4" | "usrnet";

/**
 * Stands for an object with a `new URL("…", import.meta.url)` for each file, which the build puts here at its very end:
 * bundlers understand this form alone, and the package's own would copy the files into the code.
 */
declare const __PACKAGED_MODELS__: Readonly<Partial<Record<ModelName, PackagedModel>>>;

/** All weights of the package; a network that has no weights for a scale is absent. */
export function packagedModels(): Readonly<Partial<Record<ModelName, PackagedModel>>> {
  return __PACKAGED_MODELS__;
}
