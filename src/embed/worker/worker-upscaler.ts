import { DISPOSE, Lifetime } from "../../engine/disposal.js";
import { EngineError } from "../../engine/errors.js";
import { kindOf } from "../../engine/kind-of.js";
import type { SpectralEstimate } from "../../estimate/spectral/spectral-estimator.js";
import type { CanvasLike } from "../../image/draw-image.js";
import { ImageError } from "../../image/errors.js";
import type { CreateUpscalerOptions } from "../create-upscaler.js";
import type { PictureElement, PictureSource } from "../decode-source.js";
import type { ModelLoader } from "../load-tools.js";
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

/**
 * Starts a worker, and in it an upscaler with the same interface as `createUpscaler` gives; the page stays smooth while the
 * worker computes.
 * @throws as `createUpscaler`, and {@link EngineError} if the worker cannot be started.
 */
export async function createWorkerUpscaler(
  options: CreateWorkerUpscalerOptions = {},
): Promise<WorkerUpscaler> {
  const { weights, signal, onProgress, worker: start = __WORKER__, scale, model, powerPreference } = options;
  signal?.throwIfAborted();
  const upscaler = new WorkerUpscaler(start(), typeof weights === "function" ? weights : undefined);
  try {
    await upscaler.open(
      {
        scale,
        model,
        powerPreference,
        weights: typeof weights === "function" ? true : weights && new URL(weights, location.href).href,
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

/** An upscaler in a worker. Calls run one after another, on one device; made by {@link createWorkerUpscaler}. */
export class WorkerUpscaler {
  private readonly lifetime = new Lifetime("upscaler");
  private readonly calls = new Map<number, Call>();
  private count = 0;
  private opened?: 2 | 4;

  constructor(
    private readonly worker: Worker,
    private readonly loader?: ModelLoader,
  ) {
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.onMessage(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.failAll(new EngineError(`The worker failed: ${event.message || "its file was not found"}.`));
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
    const created = await this.call({ type: "create", options }, [], signal, (message) => {
      if (message.type === "progress" && message.progress.phase === "download")
        onProgress?.(message.progress);
    });
    this.opened = (created as Extract<FromWorker, { type: "created" }>).scale;
  }

  /** See `PictureUpscaler.upscale`. */
  async upscale(source: PictureSource, options: PictureOptions = {}): Promise<UpscaledPicture> {
    const { signal, onProgress, onKernel, onPlan, given, sigma, align, boundary, tile } = options;
    const [sent, memory] = await toSentSource(source, signal);
    const asked = {
      type: "upscale",
      source: sent,
      options: { given, sigma, align, boundary, tile },
    } as const;
    const upscaled = await this.call(asked, memory, signal, (message) => {
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
    const picture = await this.upscale(source, options);
    picture.toCanvas(canvas);
    return picture;
  }

  /** See `PictureUpscaler.estimateKernel`. */
  async estimateKernel(
    source: PictureSource,
    { signal, onProgress }: KernelOptions = {},
  ): Promise<SpectralEstimate> {
    const [sent, memory] = await toSentSource(source, signal);
    const estimated = await this.call({ type: "estimate", source: sent }, memory, signal, (message) => {
      if (message.type === "progress" && message.progress.phase === "kernel") onProgress?.(message.progress);
    });
    return (estimated as Extract<FromWorker, { type: "estimated" }>).estimate;
  }

  /** Ends the worker, and with it its device; calls that have not ended fail. */
  dispose(): void {
    if (this.lifetime.end()) return;
    this.worker.terminate();
    this.failAll(new EngineError("This upscaler was disposed before the call had ended."));
  }

  [DISPOSE](): void {
    this.dispose();
  }

  private call(
    asked: Asked,
    memory: Transferable[],
    signal: AbortSignal | undefined,
    onMessage: Call["onMessage"],
  ): Promise<FromWorker> {
    this.lifetime.check();
    signal?.throwIfAborted();
    const id = this.count++;
    const abort = (): void => {
      this.worker.postMessage({ type: "abort", id } satisfies ToWorker);
      this.calls.get(id)?.reject(signal?.reason);
    };
    signal?.addEventListener("abort", abort);
    const result = new Promise<FromWorker>((resolve, reject) => {
      this.calls.set(id, { resolve, reject, onMessage });
      this.worker.postMessage({ ...asked, id } as ToWorker, memory);
    });
    return result.finally(() => {
      signal?.removeEventListener("abort", abort);
      this.calls.delete(id);
    });
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

  private async giveWeights(name: Parameters<ModelLoader>[0]): Promise<void> {
    try {
      const bytes = await (this.loader as ModelLoader)(name, {});
      this.worker.postMessage({ type: "weights", name, bytes } satisfies ToWorker);
    } catch (error) {
      this.worker.postMessage({ type: "weights", name, error: toSent(error) } satisfies ToWorker);
    }
  }

  private failAll(error: EngineError): void {
    for (const { reject } of this.calls.values()) reject(error);
  }
}

/** A picture as it can be sent, and the memory that goes along instead of being copied. */
async function toSentSource(
  source: PictureSource,
  signal?: AbortSignal,
): Promise<[SentSource, Transferable[]]> {
  signal?.throwIfAborted();
  if (typeof source === "string" || source instanceof URL) return [new URL(source, location.href).href, []];
  if (typeof source !== "object" || source === null) {
    throw new ImageError(`A picture cannot be ${kindOf(source)}.`);
  }
  const isDrawn =
    "nodeName" in source || (typeof OffscreenCanvas === "function" && source instanceof OffscreenCanvas);
  if (!isDrawn) return [source as SentSource, []];
  // Elements and canvases stay on the page: a copy of their pixels goes.
  try {
    const bitmap = await createImageBitmap(source as PictureElement & ImageBitmapSource, {
      premultiplyAlpha: "none",
    });
    return [bitmap, [bitmap]];
  } catch (cause) {
    throw new ImageError(
      "The picture's pixels cannot be read: it is not loaded yet, empty, or of another site.",
      {
        cause,
      },
    );
  }
}
