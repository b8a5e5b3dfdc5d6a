import type { RgbImage } from "../image/rgb-image.js";

/** An `<img>`, `<canvas>` or `<video>` of a page. */
export interface PictureElement {
  readonly nodeName: string;
  readonly width: number;
  readonly height: number;
}

/** A picture as a web page may have it; a string is an address. */
export type PictureSource =
  | string
  | URL
  | Blob
  | ImageData
  | ImageBitmap
  | OffscreenCanvas
  | VideoFrame
  | PictureElement
  | RgbImage;
