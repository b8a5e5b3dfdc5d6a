import type { FromWorker, RunSettings, Source, ToWorker } from "./shared/protocol.js";

interface Encoding {
  resolve(file: Blob): void;
  reject(error: Error): void;
}

/** The page's side of the worker that has the engine. */
export class EngineWorker {
  private readonly worker: Worker;
  private id = 0;
  /** Id of the open or run whose messages still count. */
  private current = 0;
  private readonly encodings = new Map<number, Encoding>();

  /**
   * @param code address of the file that has the worker's code.
   * @param listener gets all messages, except those of an open or a run that was given up.
   */
  constructor(
    code: string,
    private readonly listener: (message: FromWorker) => void,
  ) {
    this.worker = new Worker(code, { type: "module" });
    this.worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.receive(data);
    this.send({ type: "load", weights: new URL("weights/", document.baseURI).href });
  }

  /** Opens an image; ends a run. */
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

  private receive(message: FromWorker): void {
    const encoding = "id" in message ? this.encodings.get(message.id) : undefined;
    if (encoding && "id" in message) {
      this.encodings.delete(message.id);
      if (message.type === "encoded") encoding.resolve(message.file);
      if (message.type === "failed") encoding.reject(new Error(message.message));
      return;
    }
    if ("id" in message && message.id !== this.current) {
      // Nobody will look at the picture, and it is large.
      if ("bitmap" in message) message.bitmap.close();
      return;
    }
    this.listener(message);
  }
}
