/**
 * Waits for a promise, but no longer than until the signal is aborted: work that was submitted to the device goes on, and its
 * outcome no longer counts.
 * @throws the signal's reason as soon as it is aborted, else what the promise rejects with.
 */
export async function abortable<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return promise;
  // After an abort nobody awaits it, so its failure must not count as unhandled.
  promise.catch(() => {});
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (stop) signal.removeEventListener("abort", stop);
  }
}
