import { DISPOSE, Lifetime } from "../../engine/disposal.js";
import { EngineError } from "../../engine/errors.js";
import { kindOf } from "../../engine/kind-of.js";
import type { SpectralEstimate } from "../../estimate/spectral/spectral-estimator.js";
import type { CanvasLike } from "../../image/draw-image.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { assertCanvas } from "../assert-canvas.js";
import { assertCallOptions, assertPictureOptions, assertUpscalerOptions } from "../assert-options.js";
import { assertSource, isAddress, isDrawable, pictureAddress } from "../assert-source.js";
import type { CreateUpscalerOptions } from "../create-upscaler.js";
import { assertReadable, toBitmap } from "../drawn-pixels.js";
import { weightsFolder } from "../load-tools.js";
import type { ModelName } from "../packaged-models.js";
import type { PictureSource } from "../picture-source.js";
import type { KernelOptions, PictureOptions } from "../picture-upscaler.js";
import { UpscaledPicture } from "../upscaled-picture.js";
import type { FromWorker, SentSource, ToWorker } from "./protocol.js";
import { fromSent, toSent } from "./sent-errors.js";

/**
 * In the place of a `new Worker(new URL("./worker-thread.js", import.meta.url), …)`, which the build puts here at its very end:
 * bundlers understand this form alone.
 */
declare const __WORKER__: () => Worker;

/** Options of {@link createWorkerUpscaler}. */
export interface CreateWorkerUpscalerOptions extends Omit<CreateUpscalerOptions, "device"> {
  /**
   * Starts the worker, where the bundler does not find it by itself: of a copy of the package's `dist/worker-thread.min.js`, as a
   * module.
   */
  readonly worker?: () => Worker;
}

/** What the page does with the worker's messages about a call. */
interface Call {
  readonly resolve: (message: FromWorker) => void;
  readonly reject: (error: unknown) => void;
  readonly onMessage: (message: FromWorker) => void;
}

/** A call without its number. */
type Asked<Message = ToWorker> = Message extends { readonly id: number } ? Omit<Message, "id"> : never;

/** A call, and the memory that goes along instead of being copied. */
type Sent = readonly [Asked, Transferable[]];

/**
 * Starts a worker, and in it an upscaler with the same interface as `createUpscaler` gives; the page stays smooth while the
 * worker computes.
 * @throws as `createUpscaler`, and {@link EngineError} if the worker cannot be started.
 */
export async function createWorkerUpscaler(
  options: CreateWorkerUpscalerOptions = {},
): Promise<WorkerUpscaler> {
  assertUpscalerOptions(options);
  if ((options as CreateUpscalerOptions).device !== undefined) {
    throw new EngineError("A worker opens a device of its own: leave out `device`, or use createUpscaler.");
  }
  const { weights, signal, onProgress, worker: start = __WORKER__, scale, model, powerPreference } = options;
  signal?.throwIfAborted();
  const address = weights === undefined || typeof weights === "function" ? undefined : weightsFolder(weights);
  const upscaler = new WorkerUpscaler(
    startWorker(start),
    typeof weights === "function" ? (name) => weights(name, { signal }) : undefined,
  );
  try {
    await upscaler.open(
      {
        scale,
        model,
        powerPreference,
        weights: typeof weights === "function" ? true : address?.href,
      },
      signal,
      onProgress,
    );
    return upscaler;
  } catch (error) {
    upscaler.dispose();
    throw error;
  }
}

/** @throws {EngineError} if it cannot be started, or is no worker. */
function startWorker(start: () => Worker): Worker {
  let worker: unknown;
  try {
    worker = start();
  } catch (cause) {
    throw new EngineError(
      `The worker could not be started: give \`worker\`, a function that starts a copy of dist/worker-thread.min.js on your own site (${(cause as Error).message}).`,
      { cause },
    );
  }
  if (typeof (worker as Partial<Worker> | undefined)?.terminate === "function") return worker as Worker;
  throw new EngineError(`\`worker\` is a function that gives a Worker; it gave ${kindOf(worker)}.`);
}

/** An upscaler in a worker. Calls run one after another, on one device; made by {@link createWorkerUpscaler}. */
export class WorkerUpscaler {
  private readonly lifetime = new Lifetime("upscaler");
  private readonly calls = new Map<number, Call>();
  private count = 0;
  private sending: Promise<void> = Promise.resolve();
  private opened?: 2 | 4;

  constructor(
    private readonly worker: Worker,
    private readonly loader?: (name: ModelName) => Promise<Uint8Array>,
  ) {
    // No event tells that its owner ended it, and the calls would wait for ever.
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => {
      terminate();
      this.dispose();
    };
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.onMessage(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.failAll(
        new EngineError(
          event.message
            ? `The worker failed: ${event.message}.`
            : "The worker's file was not found, or a policy of the page (CSP, COEP) forbids it: give `worker`, a function that starts a copy of dist/worker-thread.min.js.",
        ),
      );
    };
  }

  get scale(): 2 | 4 {
    return this.opened as 2 | 4;
  }

  /** Creates the upscaler in the worker. */
  async open(
    options: Extract<ToWorker, { type: "create" }>["options"],
    signal: AbortSignal | undefined,
    onProgress: CreateUpscalerOptions["onProgress"],
  ): Promise<void> {
    const created = await this.call(
      async () => [{ type: "create", options }, []],
      signal,
      (message) => {
        if (message.type === "progress" && message.progress.phase === "download")
          onProgress?.(message.progress);
      },
    );
    this.opened = (created as Extract<FromWorker, { type: "created" }>).scale;
  }

  /** See `PictureUpscaler.upscale`. */
  async upscale(source: PictureSource, options: PictureOptions = {}): Promise<UpscaledPicture> {
    assertPictureOptions(options, this.scale);
    const { signal, onProgress, onKernel, onPlan, given, sigma, align, boundary, tile } = options;
    const ask = async (): Promise<Sent> => {
      const [picture, memory] = await toSentSource(source);
      return [{ type: "upscale", source: picture, options: { given, sigma, align, boundary, tile } }, memory];
    };
    const upscaled = await this.call(ask, signal, (message) => {
      if (message.type === "progress" && message.progress.phase !== "download")
        onProgress?.(message.progress);
      if (message.type === "kernel") onKernel?.(message.found);
      if (message.type === "plan") onPlan?.(message.plan);
    });
    return new UpscaledPicture((upscaled as Extract<FromWorker, { type: "upscaled" }>).picture);
  }

  /** See `PictureUpscaler.toCanvas`. */
  async toCanvas<Canvas extends CanvasLike>(
    source: PictureSource,
    canvas: Canvas,
    options?: PictureOptions,
  ): Promise<UpscaledPicture> {
    assertCanvas(canvas);
    const picture = await this.upscale(source, options);
    picture.toCanvas(canvas);
    return picture;
  }

  /** See `PictureUpscaler.estimateKernel`. */
  async estimateKernel(source: PictureSource, options: KernelOptions = {}): Promise<SpectralEstimate> {
    assertCallOptions(options);
    const { signal, onProgress } = options;
    const ask = async (): Promise<Sent> => {
      const [picture, memory] = await toSentSource(source);
      return [{ type: "estimate", source: picture }, memory];
    };
    const estimated = await this.call(ask, signal, (message) => {
      if (message.type === "progress" && message.progress.phase === "kernel") onProgress?.(message.progress);
    });
    return (estimated as Extract<FromWorker, { type: "estimated" }>).estimate;
  }

  /** Ends the worker, and with it its device; calls that have not ended fail. */
  dispose(): void {
    if (this.lifetime.end()) return;
    this.worker.terminate();
    this.failAll(
      new EngineError("This upscaler was disposed, or its worker ended, before the call had ended."),
    );
  }

  [DISPOSE](): void {
    this.dispose();
  }

  /** Asks the worker for something, when all earlier calls have been sent. */
  private async call(
    ask: () => Promise<Sent>,
    signal: AbortSignal | undefined,
    onMessage: Call["onMessage"],
  ): Promise<FromWorker> {
    const id = this.count++;
    const end = (reason: unknown): void => {
      this.worker.postMessage({ type: "abort", id } satisfies ToWorker);
      this.calls.get(id)?.reject(reason);
    };
    const abort = (): void => end(signal?.reason);
    const hear: Call["onMessage"] = (message) => {
      try {
        onMessage(message);
      } catch (error) {
        // The caller's function failed, which ends the call, as it does without a worker.
        end(error);
      }
    };
    try {
      return await new Promise<FromWorker>((resolve, reject) => {
        this.lifetime.check();
        signal?.throwIfAborted();
        signal?.addEventListener("abort", abort);
        this.calls.set(id, { resolve, reject, onMessage: hear });
        this.sending = this.send(id, ask(), this.sending).catch(reject);
      });
    } finally {
      signal?.removeEventListener("abort", abort);
      this.calls.delete(id);
    }
  }

  private async send(id: number, asked: Promise<Sent>, before: Promise<void>): Promise<void> {
    const [message, memory] = await asked;
    await before;
    // It may have been aborted meanwhile.
    if (!this.calls.has(id)) return;
    try {
      this.worker.postMessage({ ...message, id } as ToWorker, memory);
    } catch (cause) {
      throw new EngineError(`This cannot be sent to the worker: ${(cause as Error).message}`, { cause });
    }
  }

  private onMessage(message: FromWorker): void {
    if (message.type === "wantWeights") {
      this.giveWeights(message.name);
      return;
    }
    const call = this.calls.get(message.id);
    if (message.type === "failed") call?.reject(fromSent(message.error));
    else if (["created", "upscaled", "estimated"].includes(message.type)) call?.resolve(message);
    else call?.onMessage(message);
  }

  private async giveWeights(name: ModelName): Promise<void> {
    try {
      const bytes = await this.loader?.(name);
      this.worker.postMessage({ type: "weights", name, bytes } satisfies ToWorker);
    } catch (error) {
      this.worker.postMessage({ type: "weights", name, error: toSent(error) } satisfies ToWorker);
    }
  }

  private failAll(error: EngineError): void {
    for (const { reject } of this.calls.values()) reject(error);
  }
}

/**
 * A picture as it can be sent, and the memory that goes along instead of being copied.
 * @throws {ImageError} if it is no picture, or this page may not read it.
 */
async function toSentSource(source: PictureSource): Promise<[SentSource, Transferable[]]> {
  assertSource(source);
  if (isAddress(source)) return [pictureAddress(source), []];
  if (isDrawable(source)) {
    // The source stays on the page: a copy of its pixels goes.
    const bitmap = await toBitmap(source);
    assertReadable(bitmap);
    return [bitmap, bitmap === source ? [] : [bitmap]];
  }
  if (!("data" in source)) return [source as PictureSource as SentSource, []];
  // Methods cannot be sent.
  const { width, height, data, colorSpace } = source as RgbImage & Partial<ImageData>;
  return [{ width, height, data, colorSpace } as RgbImage, []];
}
