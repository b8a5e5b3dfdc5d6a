import { CanceledError } from "./errors.js";

/**
 * Runs work that the first Ctrl-C cancels through the signal. The handler goes with it, so the second Ctrl-C ends the
 * process at once.
 */
export async function cancellable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const cancel = () => controller.abort(new CanceledError());
  process.once("SIGINT", cancel);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", cancel);
  }
}
