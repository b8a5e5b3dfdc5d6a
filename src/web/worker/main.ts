import type { FromWorker, ToWorker } from "../protocol.js";
import { failureWords } from "./failure.js";
import { Session } from "./session.js";
import type { Tell } from "./tell.js";
import { weightsNames } from "./weights.js";

/** What a worker's global scope has and TypeScript's types of a page have not. */
interface WorkerScope {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
const session = new Session();
const tell: Tell = (message, transfer = []) => scope.postMessage(message, transfer);

/** One thing at a time: a run that is being cancelled has to let go of the device before the next. */
let queue: Promise<void> = Promise.resolve();
let abort = new AbortController();

scope.onmessage = ({ data }) => {
  switch (data.type) {
    case "load":
      session.load(data.weights).then(
        (weights) => tell({ type: "loaded", weights: weightsNames(weights) }),
        (error) => tell({ type: "loadFailed", message: failureWords(error) }),
      );
      return;
    case "open":
      abort.abort();
      return enqueue(data.id, () => session.open(data.id, data.source, tell));
    case "run": {
      abort.abort();
      abort = new AbortController();
      const { signal } = abort;
      return enqueue(data.id, () => session.run(data.id, data.settings, signal, tell), signal);
    }
    case "cancel":
      abort.abort();
      return;
    case "encode":
      return enqueue(data.id, () => session.encode(data.id, tell));
  }
};

function enqueue(id: number, work: () => Promise<void>, signal?: AbortSignal): void {
  queue = queue
    .then(() => {
      if (!signal?.aborted) return work();
    })
    .catch((error) => {
      // The page knows of its own cancel.
      if (!signal?.aborted) tell({ type: "failed", id, message: failureWords(error) });
    });
}
