import type { FromWorker, RunSettings, Source, ToWorker } from "./protocol.js";
import InlineWorker from "./worker/main.js?worker&inline";

interface Encoding {
  resolve(file: Blob): void;
  reject(error: Error): void;
}

/** The worker with the engine, as the page sees it. */
export class EngineWorker {
  private readonly worker = new InlineWorker();
  private id = 0;
  /** The open or run whose messages still count. */
  private current = 0;
  private readonly encodings = new Map<number, Encoding>();

  /** @param listener hears all but what belongs to an open or a run that was given up. */
  constructor(private readonly listener: (message: FromWorker) => void) {
    this.worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.hear(data);
    this.send({ type: "load", weights: new URL("weights/", document.baseURI).href });
  }

  /** Makes an image the one to work on; ends a run. */
  open(source: Source): void {
    this.current = ++this.id;
    this.send({ type: "open", id: this.id, source });
  }

  /** Starts a run on the open image. */
  run(settings: RunSettings): void {
    this.current = ++this.id;
    this.send({ type: "run", id: this.id, settings });
  }

  /** Ends the run: at once for the page, at its next submission for the device. */
  cancel(): void {
    this.current = 0;
    this.send({ type: "cancel" });
  }

  /** The last picture as a PNG file. */
  encode(): Promise<Blob> {
    const id = ++this.id;
    this.send({ type: "encode", id });
    return new Promise((resolve, reject) => this.encodings.set(id, { resolve, reject }));
  }

  private send(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  private hear(message: FromWorker): void {
    const encoding = "id" in message ? this.encodings.get(message.id) : undefined;
    if (encoding && "id" in message) {
      this.encodings.delete(message.id);
      if (message.type === "encoded") encoding.resolve(message.file);
      if (message.type === "failed") encoding.reject(new Error(message.message));
      return;
    }
    if ("id" in message && message.id !== this.current) {
      // Pictures that nobody will look at are large.
      if ("bitmap" in message) message.bitmap.close();
      return;
    }
    this.listener(message);
  }
}
