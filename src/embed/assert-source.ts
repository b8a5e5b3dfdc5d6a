import { kindOf, tagOf } from "../engine/kind-of.js";
import { ImageError } from "../image/errors.js";
import type { RgbImage } from "../image/rgb-image.js";
import type { PictureSource } from "./picture-source.js";

/** What a browser can draw, and what it tells about itself; each kind has some of the fields. */
interface Drawable {
  readonly width: number;
  readonly height: number;
  /** Of an image. */
  readonly complete?: boolean;
  readonly naturalWidth?: number;
  /** Of a video. */
  readonly readyState?: number;
  readonly videoWidth?: number;
  /** Of a frame of a video. */
  readonly codedWidth?: number;
}

/** Reasons by the kind of a source. */
type Reasons = Readonly<Record<string, (source: Drawable) => string | false>>;

/** `HTMLMediaElement.HAVE_CURRENT_DATA`. */
const HAS_FRAME = 2;

/** Kinds that a browser can draw, and why it cannot draw one of them, if it cannot. */
const DRAWABLES: Reasons = {
  HTMLImageElement: ({ complete, naturalWidth }) =>
    !complete
      ? "The image is not loaded yet: wait for its decode()."
      : !naturalWidth && "The picture has no pixels: its address is missing, or leads to no picture.",
  HTMLVideoElement: ({ readyState = 0, videoWidth }) =>
    (readyState < HAS_FRAME || !videoWidth) && "The video has no frame yet: wait for loadeddata.",
  HTMLCanvasElement: isEmpty,
  OffscreenCanvas: isEmpty,
  ImageBitmap: isEmpty,
  VideoFrame: ({ codedWidth }) => !codedWidth && CLOSED,
};

const CLOSED = "The picture has no pixels: it is empty, was closed, or went to a worker.";

function isEmpty({ width, height }: Drawable): string | false {
  return !(width * height) && CLOSED;
}

/** Whether a browser draws a value to tell its pixels: also those of an ImageData that has other colors than 8 bits of sRGB. */
export function isDrawable(source: unknown): source is ImageBitmapSource {
  const tag = tagOf(source);
  if (tag !== "ImageData") return tag in DRAWABLES;
  const { data, colorSpace } = source as ImageData;
  return tagOf(data) !== "Uint8ClampedArray" || colorSpace !== "srgb";
}

/**
 * Checks that a value is a picture, as far as that can be told without reading it.
 * @throws {ImageError} if it is of another kind, or has no pixels now.
 */
export function assertSource(source: PictureSource): void {
  const tag = tagOf(source);
  const reason = DRAWABLES[tag]?.(source as Drawable);
  if (reason) throw new ImageError(reason);
  const isKnown =
    tag in DRAWABLES ||
    isAddress(source) ||
    ["Blob", "File", "ImageData"].includes(tag) ||
    // An RgbImage, or the fields of an ImageData.
    (tag === "Object" && "data" in (source as object));
  if ((source as Partial<RgbImage>)?.data?.length === 0) {
    throw new ImageError(CLOSED);
  }
  if (isKnown) return;
  throw new ImageError(
    `A picture is a URL, Blob, File, ImageData, ImageBitmap, image, canvas, video, VideoFrame or RgbImage; got ${kindOf(source)}.`,
  );
}

/** Whether a value is an address, as a text or a URL. */
export function isAddress(value: unknown): value is string | URL {
  return ["String", "URL"].includes(tagOf(value));
}

/** An address in words for an error's message: one of the kind data: may be as long as a file. */
export function shortAddress(source: string | URL): string {
  const address = String(source);
  return address.length > 300 ? `${address.slice(0, 300)}…` : address;
}

/** What the addresses of a page are relative to; undefined where there is none. */
export function pageAddress(): string | undefined {
  const { document } = globalThis as { document?: { baseURI: string } };
  return document?.baseURI ?? globalThis.location?.href;
}

/**
 * The whole address of a picture.
 * @throws {ImageError} if it is none.
 */
export function pictureAddress(source: string | URL): string {
  const base = pageAddress();
  if (source === "" || !URL.canParse(String(source), base)) {
    throw new ImageError(`"${shortAddress(source)}" is not the address of a picture.`);
  }
  return new URL(source, base).href;
}
