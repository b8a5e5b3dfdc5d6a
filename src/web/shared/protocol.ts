import type { AdapterDescription } from "../../engine/device/adapter.js";
import type { LossPair } from "../../estimate/kernel-estimator.js";
import type { MethodName } from "../../estimate/methods/methods.js";
import type { Offset } from "../../image/resize/bicubic.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import type { PhotoProgress } from "../../pipeline/upscale-photo.js";
import type { UpscalerName } from "../../upscale/upscaler-names.js";
import type { DrawingName } from "./drawing-names.js";
import type { Reading, Timings, UsedWeights } from "./run-file.js";

/** The factors by which the page enlarges. */
export type Scale = 2 | 4;

/** The methods that the page offers. */
export type Method = Extract<MethodName, "spectral" | "meta">;

/** The upscalers that the page offers. */
export type Model = Extract<UpscalerName, "small" | "fast">;

/** Everything on which a run's numbers depend, apart from image and weights. */
export interface RunSettings {
  readonly scale: Scale;
  readonly method: Method;
  /** Of an adaptation, as is the seed. */
  readonly steps: number;
  readonly seed: number;
  readonly model: Model;
  /** Noise level told to the upscaler, in 255ths; "auto": from the image's noise and the kernel's uncertainty. */
  readonly sigma: number | "auto";
}

/** The origin of an image. */
export type Source =
  | { readonly kind: "file"; readonly file: Blob; readonly name: string }
  | { readonly kind: "drawing"; readonly drawing: DrawingName; readonly scale: Scale };

/** For each scale, a number of tiles, or a sentence that says why there can be none. */
export type TileCounts = Readonly<Record<Scale, number | string>>;

/** An open image. */
export interface OpenImage {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Hash of the file; absent for a drawing. */
  readonly sha256?: string;
  readonly drawing?: DrawingName;
  /** The kernel with which a drawing was blurred. */
  readonly truth?: BlurKernel<"correlation">;
  /** Sentences about properties of the file that are lost. */
  readonly notes: readonly string[];
  /** The number of tiles in which each upscaler would make the picture. */
  readonly tiles: Readonly<Record<Model, TileCounts>>;
}

/** SHA-256 of the page's weights files. */
export interface LoadedWeights {
  readonly init: string;
  readonly spectral: Readonly<Record<Scale, string>>;
  readonly small: Readonly<Record<Scale, string>>;
}

/** A finished run. */
export interface RunResult {
  readonly kernel: BlurKernel;
  readonly reading: Reading;
  readonly settings: RunSettings;
  readonly width: number;
  readonly height: number;
  readonly tiles: number;
  readonly adapter: AdapterDescription;
  readonly timings: Timings;
  /** Position of the small image's first pixel on the picture's grid. */
  readonly offset: Offset;
  readonly weights: UsedWeights;
}

/** Messages from the page to the worker. Each open, run and encode has an id, and its answers carry it. */
export type ToWorker =
  /** The first message, with the weights' address. All weights are fetched now, so that no request is made later. */
  | { readonly type: "load"; readonly weights: string }
  | { readonly type: "open"; readonly id: number; readonly source: Source }
  | { readonly type: "run"; readonly id: number; readonly settings: RunSettings }
  /** Ends the run at its next submission. */
  | { readonly type: "cancel" }
  /** Asks for the last picture as a PNG file. */
  | { readonly type: "encode"; readonly id: number };

/** Messages from the worker to the page. Texts about failures are for the visitor. */
export type FromWorker =
  | { readonly type: "loaded"; readonly weights: LoadedWeights }
  | { readonly type: "loadFailed"; readonly message: string }
  | { readonly type: "opened"; readonly id: number; readonly image: OpenImage; readonly bitmap: ImageBitmap }
  | { readonly type: "progress"; readonly id: number; readonly progress: PhotoProgress }
  | {
      readonly type: "snapshot";
      readonly id: number;
      readonly step: number;
      readonly kernel: BlurKernel;
      /** Losses of the steps since the last snapshot. */
      readonly losses: readonly LossPair[];
    }
  | {
      readonly type: "estimated";
      readonly id: number;
      readonly kernel: BlurKernel;
      readonly reading: Reading;
    }
  | { readonly type: "planned"; readonly id: number; readonly tiles: number }
  | { readonly type: "done"; readonly id: number; readonly result: RunResult; readonly bitmap: ImageBitmap }
  | { readonly type: "encoded"; readonly id: number; readonly file: Blob }
  | { readonly type: "failed"; readonly id: number; readonly message: string };
