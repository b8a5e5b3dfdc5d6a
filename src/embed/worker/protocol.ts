import type { SpectralEstimate } from "../../estimate/spectral/spectral-estimator.js";
import type { FoundKernel, PhotoProgress } from "../../pipeline/upscale-photo.js";
import type { UpscalePlan } from "../../upscale/upscaler.js";
import type { CreateUpscalerOptions } from "../create-upscaler.js";
import type { DownloadProgress } from "../load-tools.js";
import type { ModelName } from "../packaged-models.js";
import type { PictureSource } from "../picture-source.js";
import type { PictureOptions } from "../picture-upscaler.js";
import type { PictureParts } from "../upscaled-picture.js";

/** Options that can be sent to another thread. */
export interface SentOptions extends Pick<CreateUpscalerOptions, "scale" | "model" | "powerPreference"> {
  /** An address; true where the page's own function gives the weights. */
  readonly weights?: string | true;
}

/** Options of a call that can be sent to another thread. */
export type SentPictureOptions = Pick<PictureOptions, "given" | "sigma" | "align" | "boundary" | "tile">;

/** A picture that can be sent to another thread. */
export type SentSource = Exclude<PictureSource, URL | { readonly nodeName: string }>;

/** From the page to the worker. Calls are known by their number. */
export type ToWorker =
  | { readonly type: "create"; readonly id: number; readonly options: SentOptions }
  | {
      readonly type: "weights";
      readonly name: ModelName;
      readonly bytes?: Uint8Array;
      readonly error?: SentError;
    }
  | {
      readonly type: "upscale";
      readonly id: number;
      readonly source: SentSource;
      readonly options: SentPictureOptions;
    }
  | { readonly type: "estimate"; readonly id: number; readonly source: SentSource }
  | { readonly type: "abort"; readonly id: number };

/** From the worker to the page. */
export type FromWorker =
  | { readonly type: "wantWeights"; readonly name: ModelName }
  | { readonly type: "progress"; readonly id: number; readonly progress: PhotoProgress | DownloadProgress }
  | { readonly type: "kernel"; readonly id: number; readonly found: FoundKernel }
  | { readonly type: "plan"; readonly id: number; readonly plan: UpscalePlan }
  | { readonly type: "created"; readonly id: number; readonly scale: 2 | 4 }
  | { readonly type: "upscaled"; readonly id: number; readonly picture: PictureParts }
  | { readonly type: "estimated"; readonly id: number; readonly estimate: SpectralEstimate }
  | { readonly type: "failed"; readonly id: number; readonly error: SentError };

/** An error that can be sent to another thread. */
export interface SentError {
  readonly name: string;
  readonly message: string;
}
