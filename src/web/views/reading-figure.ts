import { byId, fillList } from "../dom.js";
import type { Reading, Scale } from "../protocol.js";
import { errorWords, noiseWords } from "../words.js";

/** What the spectrum says beside the kernel; it stands where an adaptation has its losses. */
export class ReadingFigure {
  private readonly list = byId("readings", HTMLDListElement);

  constructor() {
    this.clear();
  }

  /** Nothing is known yet. */
  clear(): void {
    this.fill("–", "–", "–");
  }

  show({ noise = 0, error = 0, sigma }: Reading, scale: Scale): void {
    this.fill(errorWords(error, scale), noiseWords(noise), noiseWords(sigma));
  }

  private fill(error: string, noise: string, sigma: string): void {
    fillList(this.list, [
      ["Likely error of the kernel", error],
      ["Noise of the picture", noise],
      ["Noise that the upscaler is told", sigma],
    ]);
  }
}
