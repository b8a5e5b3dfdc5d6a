import { byId, fillList } from "../shared/dom.js";
import type { Scale } from "../shared/protocol.js";
import type { Reading } from "../shared/run-file.js";
import { errorWords, noiseWords } from "../shared/words.js";

/** The spectrum's readings apart from the kernel, shown in place of an adaptation's losses. */
export class ReadingFigure {
  private readonly list = byId("readings", HTMLDListElement);

  constructor() {
    this.clear();
  }

  /** Shows that nothing is known yet. */
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
