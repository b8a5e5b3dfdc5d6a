/** The upscaler in a worker of its own, for pages that must stay smooth. */
export {
  type CreateWorkerUpscalerOptions,
  createWorkerUpscaler,
  type WorkerUpscaler,
} from "./embed/worker/worker-upscaler.js";
