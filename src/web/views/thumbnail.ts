import { byId } from "../shared/dom.js";
import type { OpenImage } from "../shared/protocol.js";

/** Longest side in pixels: twice the shown one, for screens of high density. */
const MAX_SIDE = 640;

/** Shows the open picture. */
export function paintThumbnail({ name, width, height }: OpenImage, bitmap: ImageBitmap): void {
  const canvas = byId("thumbnail", HTMLCanvasElement);
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d");
  if (context) {
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  }
  canvas.setAttribute("aria-label", `The open picture, ${name}`);
  canvas.hidden = false;
  const facts = byId("facts", HTMLParagraphElement);
  facts.textContent = `${name}, ${width}×${height} pixels`;
  facts.hidden = false;
}
