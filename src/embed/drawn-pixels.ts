import type { Engine } from "../engine/device/engine.js";
import { ImageError } from "../image/errors.js";
import { alphaOf } from "../image/image-data.js";
import { tagOf } from "./assert-source.js";

/** Side of the parts that go over the device, in pixels: every device has such textures. */
const PART = 2048;

/** Width and height, or the place of a part. */
type Pair = [number, number];

/** Rows in a buffer begin at multiples of so many bytes. */
const ROW_STEP = 256;

/**
 * The pixels of anything that can be drawn. A canvas multiplies colors by alpha, and with that loses them where little shows; so
 * what is transparent is read with the device.
 * @throws {ImageError} if they cannot be read.
 */
export async function drawnPixels(source: ImageBitmapSource, engine: Engine): Promise<ImageData> {
  const bitmap = await toBitmap(source);
  try {
    const pixels = readable(() => onCanvas(bitmap, bitmap.width, bitmap.height));
    return alphaOf(pixels) ? await withoutLoss(bitmap, engine) : pixels;
  } finally {
    if (bitmap !== source) bitmap.close();
  }
}

/**
 * A copy of what something shows, its colors as they are; an ImageBitmap itself.
 * @throws {ImageError} if it cannot be read.
 */
export async function toBitmap(source: ImageBitmapSource): Promise<ImageBitmap> {
  if (tagOf(source) === "ImageBitmap") return source as ImageBitmap;
  try {
    return await createImageBitmap(inBytes(source), { premultiplyAlpha: "none" });
  } catch (cause) {
    throw unreadable(cause);
  }
}

/** An ImageData of floats with 8 bits a sample: a device takes no others. */
function inBytes(source: ImageBitmapSource): ImageBitmapSource {
  const { width, height, data, colorSpace } = source as ImageData;
  if (tagOf(source) !== "ImageData" || tagOf(data) === "Uint8ClampedArray") return source;
  const bytes = Uint8ClampedArray.from(data, (value) => 255 * value);
  return new ImageData(bytes, width, height, { colorSpace });
}

/** @throws {ImageError} if another site's picture is in it. */
export function assertReadable(bitmap: ImageBitmap): void {
  readable(() => onCanvas(bitmap, 1, 1));
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause: unknown): ImageError {
  return new ImageError(
    (cause as Error).name === "SecurityError"
      ? "The picture belongs to another site, which keeps its pixels from this page: load it with crossorigin, from a server that allows it (CORS)."
      : "The picture's pixels cannot be read: it is empty or damaged, or this browser has no memory left for it.",
    { cause },
  );
}

function onCanvas(bitmap: ImageBitmap, width: number, height: number): ImageData {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, width, height);
}

/** The pixels by way of a texture, in parts. */
async function withoutLoss(bitmap: ImageBitmap, engine: Engine): Promise<ImageData> {
  const { width, height } = bitmap;
  const pixels = new ImageData(width, height);
  for (let top = 0; top < height; top += PART) {
    for (let left = 0; left < width; left += PART) {
      const size: Pair = [Math.min(PART, width - left), Math.min(PART, height - top)];
      const { rows, rowBytes } = await readPart(bitmap, [left, top], size, engine);
      for (let row = 0; row < size[1]; row++) {
        const from = row * rowBytes;
        pixels.data.set(rows.subarray(from, from + 4 * size[0]), 4 * ((top + row) * width + left));
      }
    }
  }
  return pixels;
}

/** Reads a part of a picture back from a texture. */
async function readPart(
  source: ImageBitmap,
  origin: Pair,
  size: Pair,
  engine: Engine,
): Promise<{ rows: Uint8Array; rowBytes: number }> {
  const { device } = engine;
  const rowBytes = Math.ceil((4 * size[0]) / ROW_STEP) * ROW_STEP;
  const { texture, buffer, mapped } = engine.observe(() => {
    const { COPY_SRC, COPY_DST, RENDER_ATTACHMENT } = GPUTextureUsage;
    const usage = COPY_SRC | COPY_DST | RENDER_ATTACHMENT;
    const texture = device.createTexture({ size, format: "rgba8unorm", usage });
    device.queue.copyExternalImageToTexture({ source, origin }, { texture, premultipliedAlpha: false }, size);
    const buffer = device.createBuffer({
      size: rowBytes * size[1],
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
    const encoder = device.createCommandEncoder();
    encoder.copyTextureToBuffer({ texture }, { buffer, bytesPerRow: rowBytes }, size);
    device.queue.submit([encoder.finish()]);
    return { texture, buffer, mapped: buffer.mapAsync(GPUMapMode.READ) };
  });
  try {
    // Why it failed is what the engine was told.
    await engine.wait(mapped).catch(() => {});
    await engine.settle();
    return { rows: new Uint8Array(buffer.getMappedRange().slice(0)), rowBytes };
  } finally {
    buffer.destroy();
    texture.destroy();
  }
}
