import { ImageError } from "../image/errors.js";

/**
 * Checks that there are canvases that can be drawn on.
 * @param has what is needed of them.
 * @throws {ImageError} in Node, which has no canvases, and in Deno, where nothing draws on them.
 */
export function assertDrawing(
  has: unknown = globalThis.OffscreenCanvas && new OffscreenCanvas(1, 1).getContext("2d"),
): void {
  if (has) return;
  throw new ImageError(
    "Nothing can be drawn here: in Node and Deno, use createUpscaler and writeImage of metakernelgan/node.",
  );
}
