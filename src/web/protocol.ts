import type { AdapterDescription } from "../engine/device/adapter.js";
import type { Offset } from "../image/resize/bicubic.js";
import type { BlurKernel } from "../kernel/blur-kernel.js";
import type { DrawingName } from "./drawings/names.js";

/** By how much the page enlarges. */
export type Scale = 2 | 4;

/** What finds the kernel: the image's spectrum, or MetaKernelGAN's adaptation. */
export type Method = "spectral" | "meta";

/** What makes the picture once the kernel is known: a formula, or a network. */
export type Model = "fast" | "usrnet";

/** Everything that a run's numbers depend on beside image and weights. */
export interface RunSettings {
  readonly scale: Scale;
  readonly method: Method;
  /** Steps and seed are the adaptation's. */
  readonly steps: number;
  readonly seed: number;
  readonly model: Model;
  /** What the upscaler is told of the noise: a standard deviation in 255ths, or as the image's spectrum has it. */
  readonly sigma: number | "auto";
}

/** Where an image comes from. */
export type Source =
  | { readonly kind: "file"; readonly file: Blob; readonly name: string }
  | { readonly kind: "drawing"; readonly drawing: DrawingName; readonly scale: Scale };

/** For each scale: a number of tiles, or what is in the way. */
export type TileCounts = Readonly<Record<Scale, number | string>>;

/** What is known of an image once it is open. */
export interface OpenImage {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Of the file; absent for a drawing. */
  readonly sha256?: string;
  readonly drawing?: DrawingName;
  /** With which a drawing was blurred. */
  readonly truth?: BlurKernel<"correlation">;
  /** Sentences about what could not be kept as it was. */
  readonly notes: readonly string[];
  /** Why its spectrum cannot be read; absent where it can. */
  readonly noSpectrum?: string;
  /** In how many tiles the picture is made, or why it cannot be. */
  readonly tiles: Readonly<Record<Model, TileCounts>>;
}

/** SHA-256 of the weights files that the page has. */
export interface LoadedWeights {
  readonly start: string;
  readonly spectral: Readonly<Record<Scale, string>>;
  readonly usrnet?: string;
}

/** SHA-256 of the weights files that a run was made with. */
export interface UsedWeights {
  readonly start?: string;
  readonly spectral?: string;
  readonly usrnet?: string;
}

/** What is known of an image beside its kernel. */
export interface Reading {
  /** Standard deviation of the noise that its spectrum shows, in 255ths. */
  readonly noise?: number;
  /** K-COV that the kernel for ×2 is likely to have, in square pixels; an adaptation does not know it. */
  readonly error?: number;
  /** What the upscaler is told of the noise, in 255ths. */
  readonly sigma: number;
}

/** Milliseconds of a run's parts. */
export interface Timings {
  /** Patches or networks, upload, and the shaders that were not compiled yet. */
  readonly prepare: number;
  readonly estimate: number;
  readonly upscale: number;
}

/** A run that is done. */
export interface RunResult {
  readonly kernel: BlurKernel<"correlation">;
  readonly reading: Reading;
  readonly settings: RunSettings;
  readonly width: number;
  readonly height: number;
  readonly tiles: number;
  readonly adapter: AdapterDescription;
  readonly timings: Timings;
  /** Where the large picture's grid has the small one's first pixel. */
  readonly offset: Offset;
  readonly weights: UsedWeights;
}

/** Page to worker. Every open, run and encode has a number of its own, and its answers carry it. */
export type ToWorker =
  /** The first message: where the weights are. They are all fetched now, so that no request is made later. */
  | { readonly type: "load"; readonly weights: string }
  | { readonly type: "open"; readonly id: number; readonly source: Source }
  | { readonly type: "run"; readonly id: number; readonly settings: RunSettings }
  /** Ends the run at its next submission. */
  | { readonly type: "cancel" }
  /** Asks for the last picture as a PNG file. */
  | { readonly type: "encode"; readonly id: number };

/** Worker to page. Messages about what went wrong are for the person at the screen. */
export type FromWorker =
  | { readonly type: "loaded"; readonly weights: LoadedWeights }
  | { readonly type: "loadFailed"; readonly message: string }
  | { readonly type: "opened"; readonly id: number; readonly image: OpenImage; readonly bitmap: ImageBitmap }
  | { readonly type: "started"; readonly id: number }
  | { readonly type: "step"; readonly id: number; readonly step: number }
  | {
      readonly type: "snapshot";
      readonly id: number;
      readonly step: number;
      readonly kernel: BlurKernel<"correlation">;
      /** The generator's and the discriminator's, of the steps since the snapshot before. */
      readonly losses: readonly (readonly [generator: number, discriminator: number])[];
    }
  | {
      readonly type: "estimated";
      readonly id: number;
      readonly kernel: BlurKernel<"correlation">;
      readonly reading: Reading;
    }
  | { readonly type: "planned"; readonly id: number; readonly tiles: number }
  | { readonly type: "upscaling"; readonly id: number; readonly share: number }
  | { readonly type: "done"; readonly id: number; readonly result: RunResult; readonly bitmap: ImageBitmap }
  | { readonly type: "encoded"; readonly id: number; readonly file: Blob }
  | { readonly type: "failed"; readonly id: number; readonly message: string };
