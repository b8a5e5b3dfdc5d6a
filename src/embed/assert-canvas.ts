import { kindOf } from "../engine/kind-of.js";
import type { CanvasLike } from "../image/draw-image.js";
import { ImageError } from "../image/errors.js";

/**
 * Checks that a picture can be drawn on a value, so that none is made in vain.
 * @throws {ImageError} if it is no canvas, or one that is used in another way.
 */
export function assertCanvas(canvas: CanvasLike): void {
  if (typeof canvas?.getContext !== "function") {
    throw new ImageError(`A picture is drawn on a canvas; got ${kindOf(canvas)}.`);
  }
  let context: unknown;
  try {
    context = canvas.getContext("2d", { willReadFrequently: true });
  } catch {
    // It went to a worker.
  }
  if (context) return;
  throw new ImageError(
    "This canvas cannot be drawn on: it has another context than 2d, or went to a worker.",
  );
}
