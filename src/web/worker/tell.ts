import type { FromWorker } from "../protocol.js";

/** How the worker tells the page what happens. */
export type Tell = (message: FromWorker, transfer?: Transferable[]) => void;
