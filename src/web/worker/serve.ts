import type { FromWorker, ToWorker } from "../shared/protocol.js";
import { failureWords } from "./failure.js";
import type { Post } from "./post.js";
import { Session } from "./session.js";
import { weightsNames } from "./weights.js";

/** The part of a worker's global scope that TypeScript's types for pages lack. */
interface WorkerScope {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

/** Does the worker's part: answers the messages of the page. */
export function servePage(): void {
  const scope = globalThis as unknown as WorkerScope;
  const session = new Session();
  const post: Post = (message, transfer = []) => scope.postMessage(message, transfer);

  /** Jobs run one at a time: a canceled run must release the device before the next one. */
  let queue: Promise<void> = Promise.resolve();
  let abort = new AbortController();

  function enqueue(id: number, work: () => Promise<void>, signal?: AbortSignal): void {
    queue = queue
      .then(() => {
        if (!signal?.aborted) return work();
      })
      .catch((error) => {
        // The page canceled it, so it knows.
        if (!signal?.aborted) post({ type: "failed", id, message: failureWords(error) });
      });
  }

  scope.onmessage = ({ data }) => {
    switch (data.type) {
      case "load":
        session.load(data.weights).then(
          (weights) => post({ type: "loaded", weights: weightsNames(weights) }),
          (error) => post({ type: "loadFailed", message: failureWords(error) }),
        );
        return;
      case "open":
        abort.abort();
        return enqueue(data.id, () => session.open(data.id, data.source, post));
      case "run": {
        abort.abort();
        abort = new AbortController();
        const { signal } = abort;
        return enqueue(data.id, () => session.run(data.id, data.settings, signal, post), signal);
      }
      case "cancel":
        abort.abort();
        return;
      case "encode":
        return enqueue(data.id, () => session.encode(data.id, post));
    }
  };
}
