import type { Engine } from "../../engine/device/engine.js";

/** Side of the parts that go over the device, in pixels: every device has such textures. */
const PART = 2048;

/** Width and height, or the place of a part. */
type Pair = [number, number];

/** Rows in a buffer begin at multiples of so many bytes. */
const ROW_STEP = 256;

/**
 * The pixels of a picture by way of a texture, in parts: colors as they are, also where little of them shows.
 * @throws {OutOfMemoryError} if the device has no room for a part.
 * @throws {DeviceLostError} if the device is lost.
 */
export async function texturePixels(bitmap: ImageBitmap, engine: Engine): Promise<ImageData> {
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
