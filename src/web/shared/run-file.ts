import type { FoundKernel } from "../../pipeline/upscale-photo.js";

/** SHA-256 of the weights files of a run. */
export interface UsedWeights {
  readonly init?: string;
  readonly spectral?: string;
  readonly small?: string;
}

/** What an estimate gives apart from the kernel. */
export interface Reading {
  /** Standard deviation of the image's noise, in 255ths. */
  readonly noise?: number;
  /** Likely K-COV of the ×2 kernel, in square pixels; an adaptation does not know it. */
  readonly error?: number;
  /** Noise level told to the upscaler, in 255ths. */
  readonly sigma: number;
  /** The blur in plain words, if the spectrum's network is sure of it. */
  readonly blur?: string;
  /** Why the kernel is a usual one, if it is: the image shows too little of its blur. */
  readonly assumed?: FoundKernel["assumed"];
}

/** Times of a run's parts in milliseconds. */
export interface Timings {
  /** Loading, uploading and compiling. */
  readonly prepare: number;
  readonly estimate: number;
  readonly upscale: number;
}
