import type { FromWorker } from "../shared/protocol.js";

/** Sends a message to the page. */
export type Post = (message: FromWorker, transfer?: Transferable[]) => void;
