import { byId } from "./shared/dom.js";
import { timeWords } from "./shared/words.js";

/** Milliseconds between two updates: one for each tenth of a second. */
const TICK = 100;

/** Shows a run's time and progress. */
export class Clock {
  private readonly text = byId("clock", HTMLParagraphElement);
  private readonly bar = byId("bar", HTMLProgressElement);
  private began = 0;
  private words = "";
  private timer?: ReturnType<typeof setInterval>;

  start(): void {
    this.stop();
    this.began = performance.now();
    this.progress(0);
    this.note("");
    this.timer = setInterval(() => this.tick(), TICK);
  }

  /** How much is done, 0 to 1. */
  progress(share: number): void {
    this.bar.value = share;
  }

  /** Sets the words before the time. */
  note(words: string): void {
    this.words = words;
    this.tick();
  }

  stop(): void {
    if (this.timer === undefined) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.tick();
  }

  private tick(): void {
    const time = timeWords(performance.now() - this.began);
    this.text.textContent = this.words === "" ? time : `${this.words}, ${time}`;
  }
}
