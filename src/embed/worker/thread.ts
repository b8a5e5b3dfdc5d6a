import { isDrawable } from "../assert-source.js";
import { createUpscaler } from "../create-upscaler.js";
import type { ModelLoader } from "../load-tools.js";
import type { PictureSource } from "../picture-source.js";
import type { PictureUpscaler } from "../picture-upscaler.js";
import type { FromWorker, SentOptions, SentSource, ToWorker } from "./protocol.js";
import { fromSent, toSent } from "./sent-errors.js";

declare const self: DedicatedWorkerGlobalScope;

let upscaler: PictureUpscaler<PictureSource> | undefined;

/** Calls that have not ended. */
const running = new Map<number, AbortController>();

/** Weights that the page was asked for. */
const wanted = new Map<string, { give: (bytes: Uint8Array) => void; fail: (error: Error) => void }>();

self.onmessage = ({ data }: MessageEvent<ToWorker>): void => {
  switch (data.type) {
    case "create":
      answer(data.id, async (signal) => {
        upscaler = await create(data.id, data.options, signal);
        return [{ type: "created", id: data.id, scale: upscaler.scale }];
      });
      break;
    case "weights":
      if (data.error) wanted.get(data.name)?.fail(fromSent(data.error));
      // Whatever the page's function gave: the upscaler checks it.
      else wanted.get(data.name)?.give(data.bytes as Uint8Array);
      break;
    case "upscale":
      answer(data.id, async (signal) => {
        const { id } = data;
        const { rgb, alpha, kernel, estimate, noise, sigma } = await opened().upscale(data.source, {
          ...data.options,
          signal,
          onProgress: (progress) => post({ type: "progress", id, progress }),
          onKernel: (found) => post({ type: "kernel", id, found }),
          onPlan: (plan) => post({ type: "plan", id, plan }),
        });
        const picture = { rgb, alpha, kernel, estimate, noise, sigma };
        const memory = [rgb.data.buffer, ...(alpha ? [alpha.buffer] : [])] as ArrayBuffer[];
        return [{ type: "upscaled", id, picture }, memory];
      }).finally(() => release(data.source));
      break;
    case "estimate":
      answer(data.id, async (signal) => {
        const onProgress = (progress: { phase: "kernel"; done: number; total: number }) =>
          post({ type: "progress", id: data.id, progress });
        const estimate = await opened().estimateKernel(data.source, { signal, onProgress });
        return [{ type: "estimated", id: data.id, estimate }];
      }).finally(() => release(data.source));
      break;
    case "abort":
      running.get(data.id)?.abort();
  }
};

function create(id: number, { weights, ...options }: SentOptions, signal: AbortSignal) {
  return createUpscaler({
    ...options,
    ...(weights === undefined ? {} : { weights: weights === true ? fromPage : weights }),
    signal,
    onProgress: (progress) => post({ type: "progress", id, progress }),
  });
}

const fromPage: ModelLoader = (name) =>
  new Promise((give, fail) => {
    wanted.set(name, { give, fail });
    post({ type: "wantWeights", name });
  });

/** Frees a picture's copy that came with a call. */
function release(source: SentSource): void {
  if (isDrawable(source)) (source as ImageBitmap).close();
}

function opened(): PictureUpscaler<PictureSource> {
  // The page sends no call before it knows that the upscaler was created.
  return upscaler as PictureUpscaler<PictureSource>;
}

/** Does a call's work and sends its result, or its failure. */
async function answer(
  id: number,
  work: (signal: AbortSignal) => Promise<[FromWorker, ArrayBuffer[]?]>,
): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    post(...(await work(controller.signal)));
  } catch (error) {
    post({ type: "failed", id, error: toSent(error) });
  } finally {
    running.delete(id);
  }
}

function post(message: FromWorker, memory: ArrayBuffer[] = []): void {
  self.postMessage(message, memory);
}
